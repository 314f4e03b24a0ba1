// Fuzz target: the bytes of the cable, whatever they are. The reader must find what the protocol
// says is in them, and nothing else; every payload, right or not, then goes through the parser from
// a block of exactly its size, so that one byte too many is seen.
#include <string.h>

#include <memory>

#include "line_reader.h"
#include "message.h"
#include "place.h"
#include "reference.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

namespace {

template <uint8_t N>
void must_fit(const plant::Text<N> &text) {
  MUST(text.is != plant::Field::kGood || text.size <= N);
}

bool read(const std::string &payload, plant::Message *out) {
  const std::unique_ptr<char[]> block(new char[payload.size()]);
  memcpy(block.get(), payload.data(), payload.size());
  return plant::read_message(block.get(), payload.size(), out);
}

void parse(const std::string &payload) {
  plant::Message message, again;
  memset(static_cast<void *>(&message), 0x55, sizeof message);
  memset(static_cast<void *>(&again), 0xAA, sizeof again);
  const bool good = read(payload, &message);
  MUST(good == read(payload, &again));
  if (!good) return;
  const size_t first = payload.find_first_not_of(" \t\r\n");
  const size_t last = payload.find_last_not_of(" \t\r\n");
  MUST(first != std::string::npos && payload[first] == '{' && payload[last] == '}');
  MUST(message.type == again.type && message.op == again.op);
  MUST(message.type > plant::Type::kNone && message.type <= plant::Type::kOther);
  MUST(message.op <= plant::Op::kUnknown);
  MUST(message.ms.is == again.ms.is && message.channel.is == again.channel.is);
  MUST(message.ms.is != plant::Field::kGood || message.ms.value == again.ms.value);
  must_fit(message.id);
  must_fit(message.boot);
  must_fit(message.at);
  must_fit(message.kind);
  must_fit(message.label);
  MUST(message.id.is != plant::Field::kGood || message.id.size > 0);
  if (message.at.is == plant::Field::kGood) {
    plant::Place place;
    plant::Place::parse(message.at.text, message.at.size, &place);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const std::vector<std::string> pieces = reference::pieces(data, size);
  const std::unique_ptr<plant::LineReader> reader(new plant::LineReader);
  uint16_t dropped = 0;
  for (size_t i = 0; i < pieces.size(); ++i) {
    for (const char c : pieces[i]) {
      MUST(reader->take(static_cast<uint8_t>(c)) == plant::LineReader::kMore);
    }
    if (i + 1 == pieces.size()) break;
    const reference::Line line = reference::judged(pieces[i], plant::kJsonMax);
    const plant::LineReader::Result result = reader->take('\n');
    switch (line.kind) {
      case reference::kEmpty:
        MUST(result == plant::LineReader::kEmpty);
        break;
      case reference::kMessage:
        MUST(result == plant::LineReader::kMessage);
        MUST(std::string(reader->text(), reader->size()) == line.text);
        break;
      case reference::kDropped:
        MUST(result == plant::LineReader::kMore);
        ++dropped;
    }
    MUST(reader->dropped() == dropped);
  }
  for (const std::string &piece : pieces) {
    const bool framed = piece.size() > 5 && piece[piece.size() - 5] == '*';
    parse(framed ? piece.substr(0, piece.size() - 5) : piece);
  }
  return 0;
}

// Half of what is made up gets right checksums, or hardly any line would ever be a message.
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed) {
  size = LLVMFuzzerMutate(data, size, most);
  if (seed & 1) return size;
  std::string mended;
  for (const std::string &piece : reference::pieces(data, size)) {
    const size_t star = piece.rfind('*');
    if (!mended.empty()) mended += '\n';
    mended += star == std::string::npos ? piece : reference::framed(piece.substr(0, star));
  }
  mended += '\n';
  size = mended.size() < most ? mended.size() : most;
  memcpy(data, mended.data(), size);
  return size;
}
