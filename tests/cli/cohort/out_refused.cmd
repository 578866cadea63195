touch taken; boneflare cohort examples/response --out taken/tables; ls
