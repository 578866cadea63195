boneflare endpoints examples/response --patient C --policy visit_interval_days=42 --policy missing_visits=ne | head -20
