using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetCnn.Evaluation;

/// <summary>What a classifier named every image of a set, beside what it is: enough to compare classifiers image by image.</summary>
[JsonConverter(typeof(Converter))]
public sealed class Answers
{
    private readonly ushort[] _truth;
    private readonly ushort[] _named;

    private readonly string _images;

    private Answers(ushort[] truth, ushort[] named, string images) => (_truth, _named, _images) = (truth, named, images);

    /// <summary>The number of images.</summary>
    public int Count => _truth.Length;

    /// <summary>The classes that images are, in the set's order.</summary>
    public IReadOnlyList<ushort> Truth => _truth;

    /// <summary>The classes that they were named.</summary>
    public IReadOnlyList<ushort> Named => _named;

    /// <summary>For every image, whether it was named right.</summary>
    public bool[] Right() => [.. _truth.Zip(_named, (truth, named) => truth == named)];

    /// <summary>Whether both are of the same images: of the same names, where both know them, and classes, in the same order.</summary>
    public bool AreOfTheSameImages(Answers other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (_images == other._images || _images.Length == 0 || other._images.Length == 0) && _truth.AsSpan().SequenceEqual(other._truth);
    }

    /// <summary>The share of the images, in [0, 1], that both name alike, right or wrong.</summary>
    /// <param name="other">What another classifier named the same images.</param>
    public double Alike(Answers other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return _named.Zip(other._named, (one, another) => one == another ? 1.0 : 0).Average();
    }

    /// <summary>The answers that probabilities give.</summary>
    /// <param name="labels">The class of every image, from 0.</param>
    /// <param name="probabilities"><c>[labels.Length, classes]</c>, row by row.</param>
    /// <param name="classes">The number of classes, 2 to 65 536.</param>
    /// <param name="images">What tells these images from others of the same classes, whatever size they have.</param>
    public static Answers Of(ReadOnlySpan<int> labels, ReadOnlySpan<float> probabilities, int classes, string images = "")
    {
        var (truth, named) = (new ushort[labels.Length], new ushort[labels.Length]);
        for (var image = 0; image < labels.Length; image++)
        {
            truth[image] = checked((ushort)labels[image]);
            named[image] = checked((ushort)ClassificationEvaluator.ArgMax(probabilities.Slice(image * classes, classes)));
        }

        return new Answers(truth, named, images);
    }

    // Two bytes a class, little-endian, in base64: ten thousand images are lines, not pages.
    private sealed class Converter : JsonConverter<Answers>
    {
        public override Answers Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var parts = JsonSerializer.Deserialize<Dictionary<string, string>>(ref reader)!;
            try
            {
                var (truth, named) = (Decode(parts["truth"]), Decode(parts["named"]));
                return truth.Length == named.Length ? new Answers(truth, named, parts.GetValueOrDefault("images", "")) : throw new JsonException($"{truth.Length} classes and {named.Length} answers are given: there is one answer per image");
            }
            catch (Exception broken) when (broken is KeyNotFoundException or FormatException)
            {
                throw new JsonException($"answers are 'truth' and 'named' in base64: {broken.Message}", broken);
            }
        }

        public override void Write(Utf8JsonWriter writer, Answers value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteBase64String("truth", MemoryMarshal.AsBytes<ushort>(value._truth));
            writer.WriteBase64String("named", MemoryMarshal.AsBytes<ushort>(value._named));
            writer.WriteString("images", value._images);
            writer.WriteEndObject();
        }

        private static ushort[] Decode(string text) => [.. MemoryMarshal.Cast<byte, ushort>(Convert.FromBase64String(text))];
    }
}
