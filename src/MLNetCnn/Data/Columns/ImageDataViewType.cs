using System.Globalization;
using System.Text.Json.Nodes;
using MLNetCnn.Data;
using MLNetCnn.Imaging;

[assembly: Loadable<ImageDataViewType>]

namespace MLNetCnn.Data;

/// <summary>Images, carried by <see cref="MLImage"/>; null is the missing value. The size is part of the type, or varies from row to row.</summary>
public sealed class ImageDataViewType : StructuredDataViewType, ILoadable<ImageDataViewType>
{
    /// <summary>Creates the type of images of varying size.</summary>
    public ImageDataViewType()
        : base(typeof(MLImage))
    {
    }

    /// <summary>Creates the type of images of one size.</summary>
    /// <param name="height">Their height, at least 1.</param>
    /// <param name="width">Their width, at least 1.</param>
    public ImageDataViewType(int height, int width)
        : base(typeof(MLImage))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        (Height, Width) = (height, width);
    }

    /// <inheritdoc/>
    public static string Kind => "Image";

    /// <summary>The height of every image; 0: it varies.</summary>
    public int Height { get; }

    /// <summary>The width of every image; 0: it varies.</summary>
    public int Width { get; }

    /// <summary>Whether all images have one size.</summary>
    public bool IsKnownSize => Height > 0;

    /// <inheritdoc/>
    public static ImageDataViewType Load(JsonObject parameters)
    {
        var (height, width) = (parameters.Required<int>("height"), parameters.Required<int>("width"));
        return height > 0 ? new(height, width) : new();
    }

    /// <inheritdoc/>
    public JsonObject SaveParameters() => new() { ["height"] = Height, ["width"] = Width };

    /// <inheritdoc/>
    public override bool Equals(DataViewType? other) => other is ImageDataViewType image && (image.Height, image.Width) == (Height, Width);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Height, Width);

    /// <inheritdoc/>
    public override string ToString() => IsKnownSize ? string.Create(CultureInfo.InvariantCulture, $"Image<{Height}, {Width}>") : "Image";

    /// <summary>The image column <paramref name="name"/> of <paramref name="schema"/>.</summary>
    /// <exception cref="InvalidOperationException">It holds no images.</exception>
    internal static DataViewSchema.Column Require(DataViewSchema schema, string name, string step)
    {
        var column = schema[name];
        return column.Type is ImageDataViewType ? column : throw new InvalidOperationException(
            $"{step} needs images, but column '{name}' is {column.Type}: load them with LoadImages, or mark the MLImage member [ImageType]");
    }
}

/// <summary>Makes an image column of an <see cref="MLImage"/> member; sizes of 0, the default, vary from row to row.</summary>
/// <param name="height">The height of every image.</param>
/// <param name="width">The width of every image.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ImageTypeAttribute(int height = 0, int width = 0) : DataViewTypeAttribute
{
    /// <summary>The height of every image; 0: it varies.</summary>
    public int Height { get; } = height;

    /// <summary>The width of every image; 0: it varies.</summary>
    public int Width { get; } = width;

    /// <inheritdoc/>
    public override DataViewType CreateType(Type memberType) => memberType == typeof(MLImage)
        ? Height > 0 ? new ImageDataViewType(Height, Width) : new ImageDataViewType()
        : throw new InvalidOperationException($"[ImageType] is for members of type MLImage, not {memberType.Name}");
}
