boneflare assess examples/satoh2021 --out no/such/folder/page.txt
