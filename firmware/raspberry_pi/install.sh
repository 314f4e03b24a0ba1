#!/bin/bash
# Installs or updates the Plant Vita node on Raspberry Pi OS (Bookworm or newer): run it with sudo
# from a copy of the repository. What the node knows (its key, its watering ledger) stays.
set -euo pipefail

here=$(cd "$(dirname "$(realpath "$0")")" && pwd)
to=/usr/local/lib/plant-vita-node
settings=/etc/plant-vita-node.toml
state=/var/lib/plant-vita-node
service=plant-vita-node

if [ "$(id -u)" -ne 0 ]; then
  echo "Run this with sudo." >&2
  exit 1
fi

apt-get install --yes --no-install-recommends \
  python3 python3-cryptography python3-gpiozero python3-lgpio python3-smbus2

# The service is stopped while its files are changed: every pump is off meanwhile.
if systemctl is-active --quiet "$service"; then
  systemctl stop "$service"
fi

id "$service" >/dev/null 2>&1 || useradd --system --home-dir "$state" --shell /usr/sbin/nologin "$service"

rm -rf "$to.new"
mkdir -p "$to.new/esp32"
cp -r "$here" "$to.new/raspberry_pi"
cp -r "$here/../esp32/plantnode" "$here/../esp32/slots.py" "$to.new/esp32/"
python3 -m compileall -q "$to.new"
rm -rf "$to.old"
if [ -d "$to" ]; then mv "$to" "$to.old"; fi
mv "$to.new" "$to"
rm -rf "$to.old"

cat >/usr/local/bin/plant-vita-node <<'COMMAND'
#!/bin/sh
exec env GPIOZERO_PIN_FACTORY=lgpio /usr/bin/python3 /usr/local/lib/plant-vita-node/raspberry_pi/start.py "$@"
COMMAND
chmod 755 /usr/local/bin/plant-vita-node

if [ ! -e "$settings" ]; then
  install -m 640 -g "$service" "$here/node.toml" "$settings"
fi

# A new node gets its empty watering ledger; without one it gives no water for a day.
if [ ! -d "$state" ]; then
  install -d -m 700 -o "$service" -g "$service" "$state"
  runuser -u "$service" -- /usr/local/bin/plant-vita-node provision
fi

# A pin goes back to an input when the process that drives it dies: the pull-down resistor then
# holds the pump off. Raspberry Pi OS leaves it driven otherwise.
for config in /boot/firmware/config.txt /boot/config.txt; do
  if [ -f "$config" ] && [ ! -L "$config" ]; then
    if ! grep -q '^dtparam=strict_gpiod' "$config"; then
      printf '\n[all]\ndtparam=strict_gpiod\n' >>"$config"
      reboot_needed=yes
    fi
    break
  fi
done

# The chip's own watchdog starts the Pi again when the whole system hangs.
mkdir -p /etc/systemd/system.conf.d
printf '[Manager]\nRuntimeWatchdogSec=15\n' >/etc/systemd/system.conf.d/plant-vita-node.conf

install -m 644 "$here/plant-vita-node.service" "/etc/systemd/system/$service.service"
systemctl daemon-reload
systemctl enable "$service"
systemctl restart "$service"

echo
echo "Installed. Say what is fitted in $settings, then: sudo systemctl restart $service"
echo "The pairing code: sudo plant-vita-node code"
if [ "${reboot_needed:-}" = yes ]; then
  echo "Restart the Pi once, so that dtparam=strict_gpiod is in force."
fi
