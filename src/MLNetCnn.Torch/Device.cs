using System.Globalization;
using System.Runtime.InteropServices;

namespace MLNetCnn.Torch;

/// <summary>A kind of device; the values are libtorch's.</summary>
public enum DeviceType
{
    /// <summary>The processor.</summary>
    CPU = 0,

    /// <summary>An NVIDIA GPU.</summary>
    CUDA = 1,
}

public static partial class torch
{
    /// <summary>The processor.</summary>
    public static Device CPU { get; } = new(DeviceType.CPU);

    /// <summary>The first GPU.</summary>
    public static Device CUDA { get; } = new(DeviceType.CUDA);

    /// <summary>The device called <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c> or <c>auto</c> (the first GPU where there is one).</summary>
    /// <exception cref="ArgumentException">The name is none of these.</exception>
    public static Device device(string description) => Device.Parse(description);

    /// <summary>Where a tensor lives.</summary>
    /// <param name="type">The kind of device.</param>
    /// <param name="index">Which of that kind, from 0.</param>
    public sealed record Device(DeviceType type, int index = 0)
    {
        /// <summary>The device called <paramref name="description"/>; see <see cref="device(string)"/>.</summary>
        /// <exception cref="ArgumentException">The name is none of a device.</exception>
        public static implicit operator Device(string description) => Parse(description);

        /// <inheritdoc/>
        public override string ToString() => type == DeviceType.CPU ? "cpu" : string.Create(CultureInfo.InvariantCulture, $"cuda:{index}");

        internal static Device Parse(string description)
        {
            switch (description)
            {
                case "cpu":
                    return CPU;
                case "cuda":
                    return CUDA;
                case "auto":
                    return cuda.is_available() ? CUDA : CPU;
            }

            return description.StartsWith("cuda:", StringComparison.Ordinal)
                && int.TryParse(description.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                ? new Device(DeviceType.CUDA, index)
                : throw new ArgumentException($"'{description}' is no device: use cpu, cuda, cuda:N or auto");
        }
    }

    /// <summary>The Options of native/abi.h, field by field.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly struct TensorOptions
    {
        private readonly int _dtype;
        private readonly int _deviceType;
        private readonly int _deviceIndex;
        private readonly int _requiresGrad;

        internal TensorOptions(ScalarType? dtype, Device? device, bool requiresGrad, ScalarType otherwise = ScalarType.Float32)
        {
            _dtype = (int)(dtype ?? otherwise);
            _deviceType = (int)(device?.type ?? DeviceType.CPU);
            _deviceIndex = _deviceType == (int)DeviceType.CPU ? -1 : device!.index;
            _requiresGrad = requiresGrad ? 1 : 0;
        }
    }
}
