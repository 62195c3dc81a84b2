namespace MLNetCnn.Imaging;

/// <summary>What is seen where a moved image has no pixels.</summary>
public enum FillMode
{
    /// <summary>The image mirrored at its edge, the outermost pixel repeated: <c>b a | a b c d | d c</c> (Keras' <c>reflect</c>, NumPy's <c>symmetric</c>).</summary>
    Reflect = 0,

    /// <summary>One value.</summary>
    Constant = 1,

    /// <summary>The nearest pixel of the edge: <c>a a | a b c d | d d</c> (Keras' <c>nearest</c>, NumPy's <c>edge</c>).</summary>
    Edge = 2,
}
