#!/bin/bash
# One start of Tocsin for the benchmark, which gives $PORT, $DATA and $KIND. The data folder is a
# copy of one prepared in advance, so that making an administrator does not count as starting.
set -eu
[ -e "$DATA"/tocsin.db ] || cp -r "$PREPARED/${KIND/storm/page}/." "$DATA"
exec "$BINARY" serve --data "$DATA" --listen "127.0.0.1:$PORT" --allow 127.0.0.1
