namespace MLNetCnn.Imaging;

/// <summary>How an image is brought to a size of another aspect ratio; the names are those of ML.NET's <c>ImageResizingEstimator.ResizingKind</c>.</summary>
public enum ResizingKind
{
    /// <summary>Keeps the aspect ratio, fits the image inside and fills the rest with black.</summary>
    IsoPad = 0,

    /// <summary>Keeps the aspect ratio, covers the size and cuts off what stands out, equally at both ends.</summary>
    IsoCrop = 1,

    /// <summary>Stretches the image to the size.</summary>
    Fill = 2,
}
