namespace MLNetCnn.Training;

/// <summary>The arithmetic that training uses.</summary>
public enum Precision
{
    /// <summary>32-bit floats throughout.</summary>
    Float32,

    /// <summary>bfloat16 for convolutions and matrix products, 32-bit floats for weights and sums (automatic mixed precision).</summary>
    BFloat16,
}
