# SPDX-License-Identifier: Apache-2.0
# The same work as scan.c: jq -n -f peer.jq FILE
reduce inputs as $r ({lines: 0, observations: 0, found: 0, whole: 0, ids: 0};
  .lines += 1
  | if $r.resourceType == "Observation" then
      .observations += 1
      | if ($r.code.coding | any(.code == ("6768-6", "1783-0", "17861-6", "49765-1", "2039-6")))
           and $r.valueQuantity.value != null and $r.subject.reference != null then
          .found += 1
          | .whole += ($r.valueQuantity.value | floor)
          | .ids += ($r.subject.reference | explode | add)
        else . end
    else . end)
| "lines \(.lines) broken 0 observations \(.observations) found \(.found) whole \(.whole) ids \(.ids)"
