// OpenCV and the codecs below it (libpng, libjpeg, libtiff) print what they also report to us. While a thread holds a Quiet,
// what it prints to standard error is dropped, through C++ or C; the other threads' output passes.
#pragma once

namespace mni {

struct Quiet {
    Quiet();
    ~Quiet();
};

}  // namespace mni
