echo old > page.html; boneflare assess examples/kaneko2017 --as-of 2017-05-01 --format html --out page.html; echo $?; cat page.html; ls | grep -c page
