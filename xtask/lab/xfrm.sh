# The comparison of the oracle with this kernel's IPsec, with the tunnel down and up.

cd /tmp
if tests --test-threads=1 --nocapture --color never xfrm > /tmp/said 2>&1; then
  echo "ok: the oracle and the kernel agree"
else
  echo "FAILED: the oracle and the kernel disagree"
  head -c 6000 /tmp/said
fi
# The name of the test may stand before it in the same line.
sed -n 's/.*lab: \(.*\)/lab: tunnel up: \1/p' /tmp/said
sed -n 's/.* \([0-9]* packets left in clear, [0-9]* did not\)/lab: tunnel down: \1/p' /tmp/said
check=$(grep -c "packets left" /tmp/said)
if [ "$check" = 2 ]; then echo "ok: both were compared"; else echo "FAILED: not both were compared"; cat /tmp/said; fi
