#!/usr/bin/env python3
import sys, pathlib
out = pathlib.Path(sys.argv[3])
(out/'rulebook_gen.h').write_text('enum { BFL_RULEBOOK_EMPTY };\n typedef int bfl_rule_index; typedef int bfl_number_index; typedef int bfl_text_index;\n')
(out/'rulebook_gen.c').write_text('typedef int bfl_nothing;\n')
(out/'terms_gen.c').write_text('typedef int bfl_nothing2;\n')
(out/'rulebook.d').write_text('')
