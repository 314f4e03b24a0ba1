"""Telling the network that a node is here, so that Home Assistant begins to listen for it.

Raspberry Pi OS has Avahi, which announces whatever is described by a file in its folder.
"""

from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

FOLDER = Path("/etc/avahi/services")
NAME = "plant-vita-node.service"
TYPE = "_plant-vita._tcp"
NO_PORT = 9  # "discard": the node calls, nobody calls it


def described(hardware_id: str, name: str) -> str:
    """The file of avahi.service(5) for this node."""
    group = Element("service-group")
    SubElement(group, "name", {"replace-wildcards": "yes"}).text = "Plant Vita node on %h"
    service = SubElement(group, "service")
    SubElement(service, "type").text = TYPE
    SubElement(service, "port").text = str(NO_PORT)
    SubElement(service, "txt-record").text = f"id={hardware_id}"
    if name:
        SubElement(service, "txt-record").text = f"name={name}"
    doctype = '<!DOCTYPE service-group SYSTEM "avahi-service.dtd">\n'
    return '<?xml version="1.0" encoding="utf-8"?>\n' + doctype + tostring(group, "unicode") + "\n"


def announce(hardware_id: str, name: str, folder: Path = FOLDER) -> bool:
    """Have it announced; False where there is no Avahi. Raises OSError."""
    if not folder.is_dir():
        return False
    place, text = folder / NAME, described(hardware_id, name)
    if not place.is_file() or place.read_text("utf-8") != text:
        fresh = folder / f"{NAME}.new"  # Avahi looks at names that end in .service only
        fresh.write_text(text, "utf-8")
        fresh.chmod(0o644)
        fresh.replace(place)
    return True
