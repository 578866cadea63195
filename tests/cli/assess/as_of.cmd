for day in d13 13 d38; do boneflare assess examples/kaneko2017 --as-of $day --format json | cut -c1-105; done
