using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLNetCnn.Torch.Interop;

/// <summary>Finds the binding's native library beside the assembly, and says in one line what is missing when it can't be loaded.</summary>
internal static class NativeLibraryLoader
{
    private static readonly Lazy<nint> Library = new(LoadAndInitialize);

    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification = "The resolver has to be in place before the first native call.")]
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraryLoader).Assembly, Resolve);

    /// <summary>Loads the library at <paramref name="path"/>.</summary>
    /// <exception cref="TorchException">The library, or the libtorch it was built for, is not there.</exception>
    internal static nint Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new TorchException($"{path} is missing: build MLNetCnn.Torch, or copy the library beside the assembly");
        }

        try
        {
            return NativeLibrary.Load(path);
        }
        catch (DllNotFoundException error)
        {
            throw new TorchException(Explain(path, error.Message), error);
        }
    }

    /// <summary>One line from the loader's many.</summary>
    internal static string Explain(string path, string message)
    {
        var cause = message.Split('\n').FirstOrDefault(line => line.Contains(".so", StringComparison.Ordinal) && line.Contains(": ", StringComparison.Ordinal)) ?? message;
        return message.Contains("undefined symbol", StringComparison.Ordinal) || message.Contains("libtorch.so.", StringComparison.Ordinal)
            ? $"this libtorch is not the one that {Path.GetFileName(path)} was built for: install 1.13 or later (apt-get install libtorch-dev), delete src/MLNetCnn.Torch/obj/native and build again ({cause.Trim()})"
            : $"libtorch can't be loaded: install it (apt-get install libtorch-dev) ({cause.Trim()})";
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name == NativeMethods.Library ? Library.Value : 0;

    private static unsafe nint LoadAndInitialize()
    {
        var library = Load(Path.Combine(AppContext.BaseDirectory, $"lib{NativeMethods.Library}.so"));

        // Through the pointer: an import would ask the resolver that is running now.
        var initialize = (delegate* unmanaged<int, int>)NativeLibrary.GetExport(library, "mnc_initialize");
        var lastError = (delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "mnc_last_error");
        return initialize(Environment.ProcessorCount) == 0
            ? library
            : throw new TorchException(Marshal.PtrToStringUTF8(lastError()) ?? "libtorch did not start");
    }
}
