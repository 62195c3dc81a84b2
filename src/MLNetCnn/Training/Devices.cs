using System.Globalization;

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

    /// <summary>The arithmetic of a frozen part: bfloat16 where the device computes with it, float32 elsewhere and where it is asked for.</summary>
    public static ScalarType Arithmetic(Precision? precision, torch.Device device) =>
        Applied(precision ?? Precision.BFloat16, device) == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;

    /// <summary>The arithmetic that applies where one is asked for: without support for it, bfloat16 takes many times as long as float32.</summary>
    public static Precision Applied(Precision asked, string device) =>
        Problem(device) is null ? Applied(asked, Resolve(device)) : asked;

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

    private static Precision Applied(Precision asked, torch.Device device) =>
        (device.type == DeviceType.CUDA ? cuda.is_bf16_supported(device.index) : cpu.is_bf16_supported()) ? asked : Precision.Float32;

    private static int? Index(string name) => name == "cuda" ? 0
        : name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : null;
}
