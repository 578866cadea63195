boneflare assess examples/debondt2020 --format fhir --recorded 2024-03-04
