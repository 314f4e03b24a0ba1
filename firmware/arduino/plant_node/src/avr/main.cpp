// Ties the node to the board.
#ifdef __AVR__
#include "../hal.h"
#include "../node.h"
#include "../plant_vita.h"
#include "avr.h"

namespace plant {

namespace {

Node node;

bool hear(uint8_t byte) { return node.hear(byte); }
void deaf() { node.deaf(); }

}  // namespace

void begin() {
  avr::time_begin();
  avr::uart_begin();
  avr::listen(hear, deaf);
  node.begin();
}

void poll() { node.poll(); }

}  // namespace plant
#endif
