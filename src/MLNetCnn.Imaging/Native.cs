using System.Runtime.InteropServices;

namespace MLNetCnn.Imaging;

/// <summary>The functions of native/abi.cpp.</summary>
internal static unsafe partial class Native
{
    internal const string Library = "mlnetcnn_imaging";

    static Native() =>
        NativeLibrary.SetDllImportResolver(
            typeof(Native).Assembly,
            (name, _, _) => name == Library ? Load(Find($"lib{Library}.so")) : 0);

    // Beside the application, or in the folder of a package (runtimes/linux-x64/native) that the host knows.
    private static string Find(string file)
    {
        var beside = Path.Combine(AppContext.BaseDirectory, file);
        var folders = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Select(folder => Path.Combine(folder, file)).Prepend(beside).FirstOrDefault(File.Exists) ?? beside;
    }

    private static readonly string[] Needed = ["opencv", "libgif", "libgomp"];

    /// <summary>Loads the library; where it, or what it needs, is missing, one line says which file and which package.</summary>
    internal static nint Load(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (DllNotFoundException) when (!File.Exists(path))
        {
            throw new DllNotFoundException($"{path} is missing: build MLNetCnn.Imaging on this machine, or copy the file beside the application");
        }
        catch (DllNotFoundException error)
        {
            var cause = error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .FirstOrDefault(line => Needed.Any(library => line.Contains(library, StringComparison.Ordinal))) ?? error.Message;
            throw new DllNotFoundException($"OpenCV, giflib or OpenMP cannot be loaded ({cause}): install it (apt-get install libopencv-dev libgif-dev libgomp1)");
        }
    }

    internal static void Check(int status)
    {
        if (status != 0)
        {
            throw new ImageFormatException(Marshal.PtrToStringUTF8(mni_last_error()) ?? "unknown error");
        }
    }

    [LibraryImport(Library)]
    internal static partial nint mni_opencv_version();

    [LibraryImport(Library)]
    internal static partial int mni_probe(byte* data, long size, long maxPixels, out int height, out int width);

    [LibraryImport(Library)]
    internal static partial int mni_decode(
        byte* data, long size, long maxPixels, int channels, byte* pixels, long capacity, out int height, out int width);

    [LibraryImport(Library)]
    internal static partial int mni_decode_batch(
        byte** data, long* sizes, int count, long maxPixels, int height, int width, int channels, ResizingKind resizing,
        byte* pixels, int* statuses, byte* messages, int messageSize, int* storedSizes);

    [LibraryImport(Library)]
    internal static partial int mni_resize_batch(
        byte* source, int count, int sourceHeight, int sourceWidth, int sourceChannels,
        byte* destination, int height, int width, int channels, ResizingKind resizing);

    [LibraryImport(Library)]
    internal static partial int mni_interleave_batch(byte* source, int count, int height, int width, int channels, byte* destination);

    [LibraryImport(Library)]
    internal static partial int mni_describe_batch(byte* source, int count, int height, int width, int channels, ImageDescription* descriptions);

    [LibraryImport(Library)]
    internal static partial int mni_near_pairs(ulong* hashes, int count, int distance, int* pairs, long capacity, out long found);

    [LibraryImport(Library)]
    internal static partial int mni_encode_png(byte* pixels, int height, int width, int channels, out byte* encoded, out long size);

    [LibraryImport(Library)]
    internal static partial int mni_encode_jpeg(
        byte* pixels, int height, int width, int channels, int quality, out byte* encoded, out long size);

    [LibraryImport(Library)]
    internal static partial int mni_augment(NativeBatch* batch, NativeStep* steps, int stepCount, NativeOutput* output);

    [LibraryImport(Library)]
    internal static partial int mni_augment_plan(
        NativeBatch* batch, NativeStep* steps, int stepCount, NativeStep* operations, int capacity, int* counts);

    [LibraryImport(Library)]
    internal static partial void mni_free(byte* encoded);

    [LibraryImport(Library)]
    private static partial nint mni_last_error();
}
