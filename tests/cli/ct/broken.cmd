echo hello > text.nii; head -c 100 /dev/zero > short.nii; printf '\037\213junk' > junk.nii.gz; for f in text.nii short.nii junk.nii.gz nowhere.nii data; do boneflare ct $f $f; echo $?; done
