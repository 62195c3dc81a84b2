using System.Globalization;

namespace MLNetCnn.Training;

/// <summary>Finds the device that a setting names.</summary>
internal static class Devices
{
    /// <exception cref="ConfigurationException">There is no such device here.</exception>
    public static torch.Device Resolve(string name)
    {
        if (name == "cpu" || (name == "auto" && !cuda.is_available()))
        {
            return CPU;
        }

        var index = name switch
        {
            "auto" or "cuda" => 0,
            _ when name.StartsWith("cuda:", StringComparison.Ordinal)
                && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
            _ => throw new ConfigurationException($"device is '{name}': give cpu, cuda, cuda:N or auto"),
        };
        if (!cuda.is_available() || index >= cuda.device_count())
        {
            throw new ConfigurationException($"device is '{name}', but libtorch sees {(cuda.is_available() ? cuda.device_count() : 0)} GPU(s) here: use cpu or auto");
        }

        return new torch.Device(DeviceType.CUDA, index);
    }
}
