for day in d19 d20 d30; do boneflare assess data/undated --as-of $day --format json | grep -o '"alarms":.*"next"' | grep -o '"rule":"alarm[^"]*"\|"finding":"[^"]*"\|"day":[^,]*' | paste -sd' '; done
