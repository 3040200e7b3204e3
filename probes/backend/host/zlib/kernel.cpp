// SPDX-License-Identifier: Apache-2.0
// The one file that knows zlib (docs/decisions).
#include "probes/backend/host/zlib/kernel.h"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "probes/backend/host/aligned_buffer.h"
#include "probes/catalogue/zlib.h"

namespace assay::probes::host {
namespace {

constexpr int kWindowBits = 14;      // 16 KiB: the whole text
constexpr int kGzip = 16;            // added to the window: a gzip wrapper (zlib.h, deflateInit2)
constexpr int kEitherWrapper = 32;   // likewise for inflateInit2
constexpr int kMemoryLevel = 8;

// The ways to compress, by step.
struct Way {
  int level;
  int window_bits;
  int strategy;
};
constexpr std::array<Way, 4> kWays = {{
    {1, kWindowBits, Z_DEFAULT_STRATEGY},
    {6, kWindowBits + kGzip, Z_DEFAULT_STRATEGY},
    {9, kWindowBits, Z_DEFAULT_STRATEGY},
    {6, kWindowBits + kGzip, Z_FIXED},
}};

// Which part of the library did not answer as it must: the last word of the output.
enum Complaint : uint64_t { kNone = 0,
                            kCompression = 1,
                            kDecompression = 2,
                            kLeftOver = 4 };

// A stream of either direction; ends with its owner.
class Stream {
 public:
  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() {
    if (end_ != nullptr) end_(&stream_);
  }

  bool begin_deflate(const Way& way) {
    if (deflateInit2(&stream_, way.level, Z_DEFLATED, way.window_bits, kMemoryLevel, way.strategy) != Z_OK) return false;
    end_ = deflateEnd;
    return true;
  }
  bool begin_inflate() {
    if (inflateInit2(&stream_, kWindowBits + kEitherWrapper) != Z_OK) return false;
    end_ = inflateEnd;
    return true;
  }
  z_stream* get() { return &stream_; }

  // From one buffer to another, from a fresh start; the answer of the library.
  int deflate_into(std::span<uint8_t> to, std::span<const uint8_t> from) {
    if (const int answer = deflateReset(&stream_); answer != Z_OK) return answer;
    connect(to, from);
    return deflate(&stream_, Z_FINISH);
  }
  int inflate_into(std::span<uint8_t> to, std::span<const uint8_t> from, int flush) {
    if (const int answer = inflateReset(&stream_); answer != Z_OK) return answer;
    connect(to, from);
    return inflate(&stream_, flush);
  }

 private:
  void connect(std::span<uint8_t> to, std::span<const uint8_t> from) {
    stream_.next_in = const_cast<uint8_t*>(from.data());  // the library does not write there
    stream_.avail_in = static_cast<uInt>(from.size());
    stream_.next_out = to.data();
    stream_.avail_out = static_cast<uInt>(to.size());
  }

  z_stream stream_{};
  int (*end_)(z_stream*) = nullptr;
};

std::span<uint8_t> bytes_of(std::span<uint64_t> words) {
  return {reinterpret_cast<uint8_t*>(words.data()), words.size() * sizeof(uint64_t)};
}

// Byte i of the text is byte i of memory: on machines whose low byte comes first, as all of ours.
class ZlibKernel final : public Kernel {
 public:
  ZlibKernel() : text_(zlib::kTextWords), params_(zlib::kParamWords), output_(zlib::kOutputWords) {}

  // False when there is no memory.
  bool begin() {
    if (text_.empty() || params_.empty() || output_.empty() || !inflater_.begin_inflate()) return false;
    uLong bound = 0;
    for (size_t way = 0; way < kWays.size(); ++way) {
      if (!deflaters_[way].begin_deflate(kWays[way])) return false;
      bound = std::max(bound, deflateBound(deflaters_[way].get(), zlib::kTextBytes));
    }
    compressed_ = AlignedBuffer(bound / sizeof(uint64_t) + 1);
    return !compressed_.empty() && take_all_memory();
  }

  void prepare(uint32_t operand_set) override { zlib::operands(operand_set, text_.span(), params_.span()); }
  uint32_t steps() const override { return zlib::kSteps; }

  void step(uint32_t index) override {
    const std::span<uint8_t> text = bytes_of(text_.span());
    const std::span<uint8_t> compressed = bytes_of(compressed_.span());
    const std::span<uint8_t> back = bytes_of(output_.span().first(zlib::kTextWords));
    // What is not decompressed is 0 and not what was there before.
    std::ranges::fill(output_.span(), 0);
    Stream& deflater = deflaters_[index % kWays.size()];
    uint64_t complaints = kNone;
    if (deflater.deflate_into(compressed, text) != Z_STREAM_END) complaints |= kCompression;
    const size_t size = std::min<size_t>(deflater.get()->total_out, compressed.size());
    if (inflater_.inflate_into(back, compressed.first(size), Z_FINISH) != Z_STREAM_END) complaints |= kDecompression;
    if (inflater_.get()->avail_in != 0) complaints |= kLeftOver;
    const std::span<uint64_t> ends = output_.span().subspan(zlib::kTextWords);
    ends[0] = inflater_.get()->total_out;
    ends[1] = crc32(crc32(0, nullptr, 0), back.data(), zlib::kTextBytes);
    ends[2] = adler32(adler32(0, nullptr, 0), back.data(), zlib::kTextBytes);
    ends[3] = complaints;
    const uint64_t* round = params_.data() + 2 * (index % zlib::kRounds);
    for (uint32_t i = 0; i < zlib::kTextBytes; ++i)
      text[i] = static_cast<uint8_t>(back[(i + round[0]) % zlib::kTextBytes] + round[1]);
  }

  std::span<uint64_t> output() override { return output_.span(); }
  std::span<uint64_t> state() override { return text_.span(); }
  uint32_t words_per_vector() const override { return 1; }
  // Bytes compressed, and as many decompressed.
  double work_per_run() const override { return 1.0 * zlib::kSteps * zlib::kTextBytes; }

 private:
  // Half of a stream makes the library allocate the last of what it may ever want, so that no step can run short of memory and have
  // the unit accused of it.
  bool take_all_memory() {
    prepare(0);
    const std::span<uint8_t> compressed = bytes_of(compressed_.span());
    if (deflaters_[0].deflate_into(compressed, bytes_of(text_.span())) != Z_STREAM_END) return false;
    const std::span<uint8_t> half = compressed.first(deflaters_[0].get()->total_out / 2);
    return inflater_.inflate_into(bytes_of(output_.span()), half, Z_SYNC_FLUSH) == Z_OK;
  }

  AlignedBuffer text_;
  AlignedBuffer params_;
  AlignedBuffer output_;
  AlignedBuffer compressed_;
  std::array<Stream, kWays.size()> deflaters_;
  Stream inflater_;
};

}  // namespace

std::unique_ptr<Kernel> make_zlib(const KernelSite&) {
  auto kernel = std::make_unique<ZlibKernel>();
  if (!kernel->begin()) return nullptr;
  return kernel;
}

}  // namespace assay::probes::host
