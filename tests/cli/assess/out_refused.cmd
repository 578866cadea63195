echo old > page.html; boneflare assess nowhere --format html --out page.html; echo $?; cat page.html; ls | grep -c page
