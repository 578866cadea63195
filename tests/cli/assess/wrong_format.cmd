boneflare assess examples/kaneko2017 --format docx
