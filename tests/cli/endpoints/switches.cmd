boneflare endpoints examples/response --policy confirmation_sd=yes --policy cr_then_pr=pr --policy visit_interval_days=42 --policy new_therapy=event --format csv | cut -d, -f1,3,5-10
