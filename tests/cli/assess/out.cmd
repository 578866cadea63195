boneflare assess examples/satoh2021 --out page.txt && head -3 page.txt && ls | grep -c page
