#include "quiet.h"

#include <opencv2/core/utils/logger.hpp>

#include <cstdio>
#include <iostream>
#include <streambuf>

#include <unistd.h>

namespace mni {

namespace {

thread_local bool quiet = false;

// In place of std::cerr's buffer.
class Errors : public std::streambuf {
public:
    Errors() : original_(std::cerr.rdbuf(this)) {}
    ~Errors() override { std::cerr.rdbuf(original_); }

protected:
    int_type overflow(int_type c) override { return quiet ? traits_type::not_eof(c) : original_->sputc(traits_type::to_char_type(c)); }
    std::streamsize xsputn(const char* text, std::streamsize size) override { return quiet ? size : original_->sputn(text, size); }
    int sync() override { return original_->pubsync(); }

private:
    std::streambuf* original_;
};

ssize_t write_error(void*, const char* text, size_t size) {
    return quiet ? static_cast<ssize_t>(size) : ::write(STDERR_FILENO, text, size);
}

// In place of C's stderr, which in the GNU C library is a variable made to be set.
FILE* errors_stream() {
    FILE* stream = fopencookie(nullptr, "w", {nullptr, write_error, nullptr, nullptr});
    if (stream == nullptr) return stderr;
    std::setvbuf(stream, nullptr, _IONBF, 0);
    // Who asks for its descriptor, as the .NET runtime does to tell of an unhandled exception, gets the one that there was.
    stream->_fileno = STDERR_FILENO;
    return stream;
}

struct Installed {
    Errors errors;
    Installed() {
        cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_ERROR);
        stderr = errors_stream();
    }
} installed;

}  // namespace

Quiet::Quiet() {
    quiet = true;
}

Quiet::~Quiet() {
    quiet = false;
}

}  // namespace mni
