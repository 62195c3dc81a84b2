using System.Runtime.InteropServices;

namespace MLNetCnn.Imaging.Tests;

public sealed partial class StandardErrorTests
{
    private const int StandardError = 2;

    // The runtime asks C's stderr for its descriptor before it tells of an unhandled exception: without one it says nothing.
    [Fact]
    public void The_stream_that_keeps_codecs_silent_still_is_the_standard_error()
    {
        Assert.Throws<ImageFormatException>(() => MLImage.Decode([1, 2, 3]));
        var stream = Marshal.ReadIntPtr(NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "stderr"));
        Assert.Equal(StandardError, FileNumber(stream));
    }

    [LibraryImport("libc", EntryPoint = "fileno")]
    private static partial int FileNumber(nint stream);
}
