namespace MLNetCnn.Training;

/// <summary>The arithmetic that training uses.</summary>
public enum Precision
{
    /// <summary>32-bit floats throughout.</summary>
    Float32,

    /// <summary>
    /// bfloat16 for convolutions and matrix products, 32-bit floats for weights and sums (automatic mixed precision); 32-bit floats
    /// throughout on a device that does not compute with bfloat16, where it would take many times as long.
    /// </summary>
    BFloat16,
}

/// <summary>Networks run in a precision.</summary>
internal static class PrecisionScopes
{
    /// <summary>Has what follows computed in a precision on a device, until it is disposed of; null where that is float32 as it stands.</summary>
    public static IDisposable? Begin(this Precision precision, torch.Device device) =>
        precision == Precision.BFloat16 ? autocast(device, ScalarType.BFloat16) : null;
}
