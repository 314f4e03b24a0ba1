// Plant Vita on an Arduino: see ../README.md. Everything is in src/.
#include "src/plant_vita.h"

void setup() { plant::begin(); }

void loop() { plant::poll(); }
