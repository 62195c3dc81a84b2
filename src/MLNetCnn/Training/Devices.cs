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

        return name == "cpu" || (name == "auto" && !cuda.is_available()) ? CPU : new torch.Device(DeviceType.CUDA, Index(name) ?? 0);
    }

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

    private static int? Index(string name) => name == "cuda" ? 0
        : name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : null;
}
