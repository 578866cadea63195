boneflare endpoints examples/shi2021_patient1 --criterion recist11_flare_note --format csv | cut -d, -f1-6
