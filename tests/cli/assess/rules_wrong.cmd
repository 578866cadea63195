echo "{\"recist11.target.pr\":{\"nothing\":1}}" > o.json; boneflare assess examples/satoh2021 --rules o.json
