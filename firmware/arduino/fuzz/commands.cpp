// Fuzz target: everything Home Assistant can say, with a right checksum, to the whole firmware on a
// board that is not there, while power, contacts, EEPROM and time misbehave. An input is a list of
// lines:
//
//   {…}      a message; the target makes the checksum, and waits for its answer
//   !{…}     the same without waiting
//   =…       bytes for the cable as they are
//   w 500    ms pass           d 7    hours pass
//   i 3 1    pin 3 is open     n      an empty line, and `hi`
//   r        the watchdog      u      the power goes; ms() is about to begin anew
//   x 12 85  the power goes at the 12th byte that is written from now on; 85: what is torn
//   b 300 7  bit 7 of the EEPROM's cell 300 changes     f 300    that cell is worn out
#include <stdlib.h>
#include <string.h>

#include <memory>
#include <new>

#include "hal.h"
#include "node.h"
#include "store.h"
#include "bench.h"
#include "reference.h"

namespace {

using bench::Board;

const unsigned kTurns = 1200;  // of the main loop, for one input
const unsigned kFlips = 3;      // so many wrong bits a CRC-16 always sees in one record
const uint32_t kStepMs = 50, kWetStepMs = 250, kAnswerMs = 3000;

std::string field(const std::string &text, const char *name) {
  const std::string key = std::string("\"") + name + "\":\"";
  const size_t from = text.find(key);
  if (from == std::string::npos) return "";
  return text.substr(from + key.size(), text.find('"', from + key.size()) - from - key.size());
}

// Enough for two numbers after the letter.
void numbers(const std::string &line, unsigned long *one, unsigned long *two) {
  char *end = nullptr;
  *one = line.size() > 1 ? strtoul(line.c_str() + 1, &end, 10) : 0;
  *two = end ? strtoul(end, nullptr, 10) : 0;
}

class Game {
 public:
  explicit Game(const std::vector<uint8_t> &eeprom) : board_(eeprom), first_board_(eeprom) {
    bench::board = &board_;
    boot(0);
    greet();
    first_board_ = board_;
    memcpy(first_memory_, memory_, sizeof memory_);
  }

  // Everything as it was when this was made: to start the firmware anew takes most of the time. It
  // has no heap, and stands where it stood.
  void begin() {
    board_ = first_board_;
    memcpy(memory_, first_memory_, sizeof memory_);
    turns_ = flips_ = 0;
    pending_ = false;
  }

  bool over() const { return turns_ >= kTurns; }

  void play(const std::string &line) {
    if (line.empty()) return;
    try {
      move(line);
    } catch (const bench::PowerCut &) {
      boot(0);
      greet();
    } catch (const bench::Reset &) {
      boot(0);
      greet();
    }
    board_.check();
  }

 private:
  void boot(uint32_t ms_at_boot) {
    board_.lose_power(ms_at_boot);
    board_.look_at_wiring();
    plant::each_output([](uint8_t pin, bool level) { plant::hal::pin_output(pin, level); });
    // Nobody has promised that memory is empty.
    memset(memory_, 0xA5, sizeof memory_);
    node_ = new (memory_) plant::Node;
    node_->begin();
    board_.look_at_wiring();
    board_.check();
    ++turns_;
  }

  void greet() {
    say("{\"t\":\"hi\",\"now\":1}");
    run(kStepMs);
  }

  void turn() {
    ++turns_;
    node_->poll();
    board_.look_at_wiring();
    board_.check();
  }

  // Time passes in small steps while water runs, and in ever smaller ones when nothing can happen.
  void run(uint64_t ms) {
    const uint64_t end = board_.now + ms;
    while (board_.now < end && !over()) {
      const uint64_t left = end - board_.now;
      const uint64_t step = board_.running ? kWetStepMs : left < 20 * kStepMs ? kStepMs : left / 8;
      board_.pass(step < left ? step : left);
      turn();
    }
  }

  void hear(const std::string &bytes) {
    for (const char c : bytes) {
      if (!node_->hear(static_cast<uint8_t>(c))) {
        turn();
        node_->hear(static_cast<uint8_t>(c));
      }
    }
  }

  void say(const std::string &json) { hear(reference::framed(json) + "\n"); }

  // A command, and its answer: water only after one that was granted.
  void ask(const std::string &json) {
    plant::Message message;
    const std::unique_ptr<char[]> block(new char[json.size()]);
    memcpy(block.get(), json.data(), json.size());
    const bool understood = json.size() <= plant::kJsonMax && reference::is_utf8(json) &&
                            plant::read_message(block.get(), json.size(), &message);
    const bool command = understood && message.type == plant::Type::kCommand;
    const std::string id = field(json, "c");
    board_.lines.clear();
    const unsigned before = board_.starts;
    say(json);
    turn();
    const unsigned started = board_.starts - before;
    // Until its own answer has been seen, the next one might be taken for it.
    pending_ = understood && message.id.is == plant::Field::kGood;
    if (!command) {
      MUST(started == 0);
      return;
    }
    if (message.op == plant::Op::kStop && message.channel.is == plant::Field::kAbsent) {
      MUST(!board_.running);
    }
    MUST(started == 0 || message.op == plant::Op::kOn);
    if (started) MUST(message.ms.in(1, 30000));
    if (id.empty() || message.id.is != plant::Field::kGood) return;
    const uint64_t until = board_.now + kAnswerMs;
    while (board_.now < until && !over()) {
      for (const std::string &line : board_.lines) {
        if (field(line, "t") != "ack" || field(line, "c") != id) continue;
        const bool granted = line.find("\"ok\":1") != std::string::npos;
        MUST(granted || started == 0);
        pending_ = false;
        return;
      }
      run(kStepMs);
    }
  }

  void move(const std::string &line) {
    unsigned long one, two;
    numbers(line, &one, &two);
    switch (line[0]) {
      case '{':
        flush();
        ask(line);
        break;
      case '!':
        say(line.substr(1));
        pending_ = true;
        turn();
        break;
      case '=':
        hear(line.substr(1));
        turn();
        break;
      case 'w':
        run(one % 100000);
        break;
      case 'd':
        run((one % 50) * 3600000);
        break;
      case 'i':
        if (one < Board::kPins) board_.pins[one].input = two & 1;
        turn();
        break;
      case 'n':
        hear("\n");
        greet();
        break;
      case 'r':
        boot(0);
        board_.hung = true;
        greet();
        break;
      case 'u':
        boot(0xFFFFFFFF - 20000);
        greet();
        break;
      case 'x':
        board_.cut_in = static_cast<long>(one % 2000);
        board_.torn = static_cast<uint8_t>(two);
        break;
      case 'b':
        flip(one, two);
        break;
      case 'f':
        if (one >= plant::store::kHardware && one < board_.worn.size()) {
          board_.damaged = board_.worn[one] = true;
        }
        break;
      default:
        break;
    }
  }

  // Answers of what came before without anybody waiting.
  void flush() {
    for (int i = 0; i < 8 && pending_; ++i) run(500);
    pending_ = false;
  }

  void flip(unsigned long at, unsigned long bit) {
    // The marker of a new chip is no record: nobody could tell a changed one.
    if (flips_ >= kFlips || at < plant::store::kHardware || at >= board_.eeprom.size()) return;
    ++flips_;
    board_.damaged = true;
    board_.changed(static_cast<uint16_t>(at));
    board_.eeprom[at] = static_cast<uint8_t>(board_.eeprom[at] ^ 1u << bit % 8);
  }

  Board board_, first_board_;
  alignas(plant::Node) unsigned char memory_[sizeof(plant::Node)];
  unsigned char first_memory_[sizeof(plant::Node)];
  plant::Node *node_ = nullptr;
  unsigned turns_ = 0, flips_ = 0;
  bool pending_ = false;  // answers nobody has waited for
};

// A board that has lived for two days: one from the factory, switched on for the first time.
std::vector<uint8_t> set_up() {
  Board board(std::vector<uint8_t>(plant::kEepromSize, plant::store::kBlank));
  bench::board = &board;
  const std::unique_ptr<plant::Node> node(new plant::Node);
  node->begin();
  for (int turn = 0; turn < 2 * 24 * 6 + 1; ++turn) {
    board.pass(600000);
    node->poll();
  }
  bench::board = nullptr;
  return board.eeprom;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static Game game(set_up());
  game.begin();
  for (const std::string &line : reference::pieces(data, size)) {
    if (game.over()) break;
    game.play(line);
  }
  return 0;
}
