#!/bin/bash
# The same bits from other compilers, optimisation levels, threads, schedules and environments, and the
# same as ever: the quick part of tests/long_matrix.sh. With --write the result becomes the golden one.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
. tests/matrix/cells.sh

build plain "${CC:-cc}" -O2 -DNDEBUG -fopenmp
build other clang -O3 -march=native
build slow "${CC:-cc}" -O0 -fsanitize=float-cast-overflow -fno-sanitize-recover=all
wait

cell plain "one thread" 1
cell plain "7 threads" 7
cell plain "3 threads, guided schedule" 3 LUDD_SCHEDULE=guided
cell plain "2 threads, rows dealt singly, other place, patterned memory" 2 LUDD_SCHEDULE=dynamic,1 \
	LC_ALL=C.UTF-8 TZ=Asia/Kathmandu MALLOC_PERTURB_=85
cell other "clang, every instruction of this machine" 1
cell slow "no optimisation, no OpenMP, no number out of its type's range" 1
cells_end "$@"
