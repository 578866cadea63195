cp -r examples/kaneko2017 case && chmod -R u+w case && sed -i 's/,/;/g' case/lesions.csv && boneflare assess case --as-of d13 | grep -A3 -e 'data could be used' -e 'DATA PROBLEMS'
