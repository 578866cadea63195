mkdir big && { echo patient,sex; head -c 100000 /dev/zero | tr "\0" x; echo ,F; } > big/patients.csv && boneflare validate big
