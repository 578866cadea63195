boneflare store; echo $?
boneflare store look sqlite:a.db; echo $?
boneflare store info; echo $?
boneflare store backup sqlite:a.db; echo $?
boneflare store info sqlite:a.db b; echo $?
boneflare store backup sqlite:a.db b c; echo $?
boneflare store verify sqlite:a.db --head 12; echo $?
boneflare store verify sqlite:a.db --wait never; echo $?
boneflare store verify sqlite:a.db --quick; echo $?
