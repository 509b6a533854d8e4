# The file exchange on mounted shares. /a is the share, /b the same share as another machine
# mounts it (a connection of its own), TEMPORARY the folder that the tests work in.

share() {
  mkdir -p "$2"
  mount -t cifs "//10.0.2.2/$1" "$2" \
    -o "ip=10.0.2.2,port=$PORT,username=$NAME,password=$WORD,vers=3.1.1,$3"
}
host() {
  echo "host: $*"
  read -r answer
  [ "$answer" = ok ] || echo "FAILED: host: $*: $answer"
}
check() { if eval "$2"; then echo "ok: $1"; else echo "FAILED: $1"; cat /tmp/said; fi; }
# A pass over a folder. Then: whether a file was deleted, or stays for a reason.
sweep() { oqs sweep "$1" --state "$2" --apply --names --all --confirm-first > /tmp/said 2>&1; }
deleted() { grep -q "^- .* $1\$" /tmp/said; }
stays() { grep -q "^! $2.* $1\$" /tmp/said; }
seconds() { cut -d' ' -f1 /proc/uptime; }

share OQS /a serverino
share OQS /b serverino,nosharesock
echo "lab: mount: $(grep ' /a ' /proc/mounts | cut -d' ' -f4 | sed 's/username=[^,]*,//')"

echo "--- doctor"
oqs doctor /a --probe-clock > /tmp/said 2>&1
check "the doctor sees SMB 3.1.1" 'grep -q "reached by SMB 3.1.1" /tmp/said'
check "the doctor compares the clocks" 'grep -q "server is -\?[0-9] seconds off" /tmp/said'
date -s "@$(($(date +%s) + 600))" > /dev/null
oqs doctor /a --probe-clock > /tmp/said 2>&1
check "the doctor sees a clock that is ten minutes off" 'grep -q "server is [56][0-9][0-9] seconds off" /tmp/said'
host old res/del1.txt
sweep /a /tmp/clock
check "a clock that is off stops the pass" 'stays res/del1.txt clock'
date -s "@$(($(date +%s) - 600))" > /dev/null

echo "--- A1"
host start-terminal
oqs ask --root /a --state /tmp/state --institution 9910000000 --parallel 64 --timeout 300 \
  /lab/requests.json > /tmp/answers 2> /tmp/said
count=$(grep -c '"outcome":"answered"' /tmp/answers)
check "A1: every request is answered" '[ "$count" = "$REQUESTS" ]'
sed 's/.*"response":"\([^"]*\)".*"sha256":"\([^"]*\)".*/\2  \1/' /tmp/answers > /tmp/sums
check "A1: every answer is whole" '(cd /b/res; sha256sum -c /tmp/sums) > /tmp/said 2>&1'
names=$(sed 's/.*"request":"\([^"]*\)".*/\1/' /tmp/answers | sort -u | wc -l)
check "A1: none is answered twice" '[ "$names" = "$REQUESTS" ]'
echo "lab: A1: $count requests answered through the mount, each once and whole"

echo "--- A2"
for one in 1 2; do
  oqs ask --root /$(echo ab | cut -c$one) --state /tmp/state$one --institution 9910000000 \
    --parallel 100 --timeout 300 /lab/requests.json > /tmp/answers$one 2> /tmp/said &
done
wait
cat /tmp/answers1 /tmp/answers2 > /tmp/answers
count=$(grep -c '"outcome":"answered"' /tmp/answers)
names=$(sed 's/.*"request":"\([^"]*\)".*/\1/' /tmp/answers | sort -u | wc -l)
check "A2: two machines, each its own answers" '[ "$count" = $((2 * REQUESTS)) ]'
check "A2: no name is used twice" '[ "$names" = $((2 * REQUESTS)) ]'
echo "lab: A2: $count requests of two processes on two mounts, each its own answer"

echo "--- A19"
# Segments of TCP that this machine has sent so far, which are all to the server: each request is
# one, with what the kernel sends together, and some only say that an answer came.
sent() { awk '/^Tcp: [0-9]/ { print $12 }' /proc/net/snmp; }
# How many a second a command sends.
rate() {
  before=$(sent)
  begin=$(seconds)
  "$@" > /tmp/said 2>&1
  awk "BEGIN { printf \"%.1f\", ($(sent) - $before) / ($(seconds) - $begin) }"
}
less() { awk "BEGIN { exit !($1 <= $2) }"; }
host stop-terminals
follow=$(rate oqs face --root /a --state /tmp/idle --institution 9910000000 --follow --for 30)
waits=$(rate oqs ask --root /a --state /tmp/idle --institution 9910000000 --timeout 60 \
  /lab/request.json)
echo "lab: A19: packets to the server a second: $follow while waiting for the card reader, $waits for an answer"
check "A19: at most 5 a second while waiting for the card reader" 'less "$follow" 5'
check "A19: at most 5 a second while waiting for an answer" 'less "$waits" 5'

echo "--- A4"
host clear
host start-quick-terminals
host fill full 100000
share EXACT /c serverino,nosharesock
ask() {
  lab lab-guest turns $2 $1/empty $1/full oqs ask --root @ --state /tmp/state \
    --institution 9910000000 /lab/request.json
}
ask=$(ask /a 10)
exact_ask=$(ask /c 40)
host stop-terminals
# `face` is empty; `res` holds the left-overs.
probe=$(lab lab-guest compare /a/full/face /a/full/res 100)
exact=$(lab lab-guest compare /c/full/face /c/full/res 1000)
case_of() { oqs doctor $1/full > /tmp/said 2>&1; grep -c E427 /tmp/said; }
check "A4: the doctor says that names are searched" '[ "$(case_of /a)" = 1 ]'
check "A4: and nothing where case matters" '[ "$(case_of /c)" = 0 ]'
umount /c
word() { echo "$1" | cut -d' ' -f"$2"; }
compared() { echo "p95 $(word "$1" 1) ms empty, $(word "$1" 2) ms $beside: $(word "$1" 3) times"; }
beside="beside 100,000 left-overs"
echo "lab: A4: a name that is not there, both folders by turns, $(compared "$probe")"
echo "lab: A4: the same with case sensitive = yes, $(compared "$exact")"
echo "lab: A4: request to answer, both folders by turns, $(compared "$ask")"
echo "lab: A4: the same with case sensitive = yes, $(compared "$exact_ask")"
check "A4: every request is answered" '[ "${ask##* }${exact_ask##* }" = 00 ]'
# A server that looks for names in another case reads the whole folder for every name that is not
# there; the criterion is about one that does not.
check "A4: no name was there" '[ "${probe##* }${exact##* }" = 00 ]'
check "A4: an exact name costs at most 1.2 times as much where case matters" \
  'less $(word "$exact" 3) 1.2'
# From request to answer the times jump by a pause between two looks, 0.2 to 2 s, when the machine
# does other things as well: they are told, and decide nothing.
check "A4: an exact name takes at most 0.3 s longer where case matters" \
  'less $(word "$exact" 2) "$(word "$exact" 1) + 300"'
host fill many 10000
begin=$(seconds)
timeout 300 oqs sweep /a/many --state /tmp/state > /tmp/said 2>&1
check "a plan over 10,000 left-overs comes to its end" '[ $? = 0 ] && grep -q "^stay: 10000" /tmp/said'
took=$(awk "BEGIN { printf \"%.1f\", $(seconds) - $begin }")
echo "lab: a plan over 10,000 files takes $took s through the mount"

echo "--- A9"
# A file that is held is the first, one that is not held the second.
waits() {
  rm -rf /tmp/nine
  sweep "$2" /tmp/nine
  check "A9: held $1: it stays and is told" 'stays res/del1.txt "'"$3"'"'
  check "A9: held $1: the other one goes" 'deleted res/del2.txt'
}
goes() {
  # Linux keeps a file open for a second after it was closed.
  sleep 3
  sweep "$2" /tmp/nine
  check "A9: held $1: it goes in a later pass" 'deleted res/del1.txt'
}
kinds=0
for how in alone reading; do
  host old res/del1.txt res/del2.txt
  host hold $how res/del1.txt
  waits "by a client of the server, $how" /a open
  host release
  goes "by a client of the server, $how" /a
  kinds=$((kinds + 1))
done
for way in a b; do
  for mode in '<' '>>'; do
    host old res/del1.txt res/del2.txt
    sh -c "exec sleep 1000 $mode /$way/res/del1.txt" &
    holder=$!
    sleep 1
    [ $way = a ] && why=open || why="open elsewhere"
    waits "on /$way with $mode" /a "$why"
    check "A9: nobody ended the process that holds it" 'kill -0 $holder'
    kill $holder
    wait $holder 2> /dev/null
    [ "$mode" = '<' ] && goes "on /$way with $mode" /a || rm /a/res/del1.txt
    kinds=$((kinds + 1))
  done
done
for quiet in KERNEL SILENT; do
  share $quiet /c serverino,nosharesock
  host old res/del1.txt
  rm -rf /tmp/nine
  sweep /c /tmp/nine
  check "A9: $quiet, a server that grants no oplock: nothing is deleted" \
    'stays res/del1.txt "open elsewhere"'
  oqs doctor /c --probe-clock > /tmp/said 2>&1
  check "A9: $quiet, the doctor says that the server does not tell" 'grep -q E429 /tmp/said'
  umount /c
done
host clear
echo "lab: A9: $kinds ways to hold a file, each waited for and deleted later"

echo "--- A7"
kept=0
rounds=6
for round in $(seq $rounds); do
  rm -rf /tmp/seven
  names=""
  for number in $(seq 0 59); do names="$names res/del$number.txt"; done
  host old $names
  host rewrite 60 $((round * 300))
  sweep /a /tmp/seven
  host rewritten 60
  kept=$((kept + 60))
  oqs sweep /a --state /tmp/seven --apply > /dev/null 2>&1
  host clear
done
echo "lab: A7: $kept files written anew on the server during a pass, 0 lost"

echo "--- without the server's file numbers"
share OQS /c noserverino,nosharesock
host old res/del1.txt res/del2.txt
rm -rf /tmp/nine
sweep /c /tmp/nine
check "noserverino: files go" 'deleted res/del1.txt && deleted res/del2.txt'
check "noserverino: nothing stands aside" '[ ! -e /c/res/.sweep ]'
umount /c

echo "--- one sweeper at a time"
host old res/del1.txt
mkdir -p /b/res/.sweep
lab lab-guest lock /b/res/.sweep/lock &
holder=$!
sleep 1
rm -rf /tmp/nine
sweep /a /tmp/nine
check "a folder that another machine sweeps waits" 'stays res/del1.txt ".sweep unusable"'
kill $holder
wait $holder 2> /dev/null
sleep 1
sweep /a /tmp/nine
check "and is swept when that one is done" 'deleted res/del1.txt'
oqs verify-log --state /tmp/nine > /tmp/said 2>&1
check "the audit log verifies" '[ $? = 0 ]'
check "no folder .sweep is left" '[ ! -e /a/res/.sweep ]'

echo "--- the tests themselves, on the mount"
share TESTS "$TEMPORARY" serverino
mkdir -p /other
share TESTS /other serverino,nosharesock
cd /tmp
# Whole exchanges of A1 and A2 were made above.
SEKISHO_OTHER_MOUNT=/other tests --test-threads=1 --color never \
  exchange journal a_published a_file_is a_name_that_two a_large a_replaced a09_a \
  a10 a14_a a14_nothing_that a15_for sweep::basic \
  --skip obstacle --skip every_code --skip over_smb --skip a01 --skip a02 --skip a03 --skip a04 --skip a16 \
  2>&1 | tee /tmp/said
check "the tests pass on the mount" 'grep -q "test result: ok" /tmp/said'
echo "lab: tests on the mount, with a second mount as the other machine: $(sed -n 's/^test result: ok. \([0-9]*\) passed.*/\1/p' /tmp/said) passed"
