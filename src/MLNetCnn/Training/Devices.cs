using System.Globalization;
using System.Runtime.Intrinsics.X86;

namespace MLNetCnn.Training;

/// <summary>Finds the device that a setting names.</summary>
internal static class Devices
{
    /// <exception cref="ConfigurationException">There is no such device here.</exception>
    public static torch.Device Resolve(string name)
    {
        if (Problem(name) is { } problem)
        {
            throw new ConfigurationException(problem);
        }

        if (name == "cpu" || (name == "auto" && !cuda.is_available()))
        {
            return CPU;
        }

        // Three decimal digits are enough for training, and several times as fast; and shapes hardly change from batch to batch.
        backends.cuda.matmul.allow_tf32 = true;
        backends.cudnn.allow_tf32 = true;
        backends.cudnn.benchmark = true;
        return new torch.Device(DeviceType.CUDA, Index(name) ?? 0);
    }

    /// <summary>A batch on its device; to a GPU it is copied while the processor goes on.</summary>
    public static Tensor Move(Tensor batch, torch.Device device)
    {
        if (device.type != DeviceType.CUDA)
        {
            return batch;
        }

        using var pinned = batch.pin_memory();
        return pinned.to(device, non_blocking: true);
    }

    /// <summary>The arithmetic of a frozen part: as asked for, or bfloat16 where the device computes with it and float32 elsewhere.</summary>
    public static ScalarType Arithmetic(Precision? precision, torch.Device device) =>
        precision == Precision.BFloat16 || (precision is null && HasBFloat16(device)) ? ScalarType.BFloat16 : ScalarType.Float32;

    /// <summary>Why there is no such device here, and the way out; null where there is.</summary>
    public static string? Problem(string name, string setting = "device")
    {
        if (name is "cpu" or "auto")
        {
            return null;
        }

        if (Index(name) is not { } index)
        {
            return $"{setting} is '{name}': give cpu, cuda, cuda:N or auto";
        }

        var count = cuda.is_available() ? cuda.device_count() : 0;
        return index < count ? null : $"{setting} is '{name}', but libtorch sees {count} GPU(s) here: use cpu or auto";
    }

    // AVX512_BF16: leaf 7, part 1, bit 5 of EAX. GPUs have it since compute capability 8.
    private static bool HasBFloat16(torch.Device device)
    {
        const int FeatureLeaf = 7;
        const int BFloat16Bit = 5;
        return device.type == DeviceType.CUDA
            || (X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= FeatureLeaf && (X86Base.CpuId(FeatureLeaf, 1).Eax >> BFloat16Bit & 1) == 1);
    }

    private static int? Index(string name) => name == "cuda" ? 0
        : name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : null;
}
