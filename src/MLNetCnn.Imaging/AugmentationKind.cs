namespace MLNetCnn.Imaging;

/// <summary>
/// The changes that <see cref="ImageAugmentation"/> makes. The first list of values is that of an <see cref="AugmentationStep"/>, the
/// ranges; the second that of an <see cref="AugmentationOperation"/>, what was drawn for one image. Lengths are in pixels, shares
/// and factors are of 1; ranges are uniform.
/// </summary>
public enum AugmentationKind
{
    /// <summary>Left and right change places: [] → [].</summary>
    HorizontalFlip,

    /// <summary>Top and bottom change places: [] → [].</summary>
    VerticalFlip,

    /// <summary>A turn about the centre: [most degrees] → [degrees, counter-clockwise].</summary>
    Rotation,

    /// <summary>A shift: [most height share, most width share] → [down, right].</summary>
    Translation,

    /// <summary>A change of scale about the centre, above 1 outwards: [most height share, most width share or NaN for the same] → [height, width].</summary>
    Zoom,

    /// <summary>A shear: [most x, most y] → [x, y, centre x, centre y], the shifts per pixel and the fixed point from the centre.</summary>
    Shear,

    /// <summary>A cut of the image's own size out of the padded image: [padding] → [top, left].</summary>
    Crop,

    /// <summary>A cut that is scaled to the image's size: [least area, most area, least width / height, most] → [top, left, height, width].</summary>
    ResizedCrop,

    /// <summary>Pixels times a factor: [most change] → [factor].</summary>
    Brightness,

    /// <summary>A blend with the mean grey: [most change] → [factor].</summary>
    Contrast,

    /// <summary>A blend with the grey image: [most change] → [factor].</summary>
    Saturation,

    /// <summary>A turn of the hue: [most] → [shift], of a full turn.</summary>
    Hue,

    /// <summary>A blend with the smoothed image; an operation alone: [factor].</summary>
    Sharpness,

    /// <summary>Fewer bits a pixel; an operation alone: [bits].</summary>
    Posterize,

    /// <summary>Pixels from a threshold on inverted; an operation alone: [threshold, 0 to 255].</summary>
    Solarize,

    /// <summary>Each channel stretched to 0..255; an operation alone: [].</summary>
    AutoContrast,

    /// <summary>Each channel's histogram made even; an operation alone: [].</summary>
    Equalize,

    /// <summary>Normal noise on each pixel: [standard deviation, of 1] → the same.</summary>
    GaussianNoise,

    /// <summary>Blur: [kernel side, odd; least sigma; most] → [kernel side, sigma].</summary>
    GaussianBlur,

    /// <summary>A box of one value: [least area, most area, least height / width, most, value of 1 or NaN for random pixels] → [top, left, height, width, value].</summary>
    Erasing,

    /// <summary>A blend with another image: [alpha] → [its place, own share].</summary>
    MixUp,

    /// <summary>A box of another image: [alpha] → [its place, own share, top, left, height, width].</summary>
    CutMix,

    /// <summary>A step alone: brightness, contrast, saturation and hue in random order: [most change of each].</summary>
    ColorJitter,

    /// <summary>A step alone: one operation of TrivialAugment's wide table: [magnitude bins].</summary>
    TrivialAugmentWide,

    /// <summary>A step alone: operations of RandAugment's table: [how many, magnitude bin, magnitude bins].</summary>
    RandAugment,
}
