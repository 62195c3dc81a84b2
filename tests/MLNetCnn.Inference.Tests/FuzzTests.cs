using System.Buffers.Binary;
using System.IO.Hashing;

using MLNetCnn.Imaging;
using MLNetCnn.Testing;

namespace MLNetCnn.Inference.Tests;

/// <summary>The decoder that a service's uploads reach: no damage to a file crashes it or gets more out of it than a plain line.</summary>
public class FuzzTests
{
    private const int Mutations = 10_000;
    private const long MaxPixels = 1 << 20;

    private static readonly uint[] Extremes = [0, 1, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF];

    private static readonly Lazy<System.Text.Json.Nodes.JsonObject> Files = new(() => PythonOracle.Run("""
        import io
        from PIL import Image
        noise = np.random.RandomState(1).randint(0, 256, (13, 17, 4), dtype=np.uint8)
        smooth = np.add.outer(np.arange(13) * 9, np.arange(17) * 7).astype(np.uint8)
        rgba, grey = Image.fromarray(noise), Image.fromarray(smooth)
        rgb, palette, cmyk = rgba.convert('RGB'), grey.convert('P'), Image.fromarray(noise, 'CMYK')
        wide = Image.fromarray((smooth.astype(np.uint16) * 257))
        exif = Image.Exif()
        exif[0x0112] = 6
        def files(format, *images):
            result = []
            for image, options in images:
                file = io.BytesIO()
                image.save(file, format, **options)
                result.append(np.frombuffer(file.getvalue(), np.uint8))
            return result
        outputs = {
            'JPEG': files('JPEG', (rgb, {}), (rgb, {'progressive': True}), (grey, {'optimize': True}), (cmyk, {}), (rgb, {'exif': exif.tobytes()}), (rgb, {'subsampling': 0, 'quality': 100})),
            'PNG': files('PNG', (rgb, {}), (rgba, {}), (palette, {'bits': 4}), (wide, {}), (grey.convert('1'), {}), (palette, {'transparency': 3})),
            'WebP': files('WEBP', (rgb, {}), (rgb, {'lossless': True}), (rgba, {}), (rgb, {'exif': exif.tobytes()})),
            'BMP': files('BMP', (rgb, {}), (rgba, {}), (palette, {}), (grey.convert('1'), {})),
            'GIF': files('GIF', (palette, {'interlace': 1}), (rgb, {'interlace': 0}), (palette, {'save_all': True, 'append_images': [grey.convert('P')], 'transparency': 1})),
            'TIFF': files('TIFF', (rgb, {}), (rgb, {'compression': 'tiff_lzw'}), (grey, {'compression': 'tiff_deflate'}), (palette, {}), (rgb, {'compression': 'jpeg'}), (grey.convert('1'), {'compression': 'group4'})),
            'PNM': files('PPM', (rgb, {}), (grey, {}), (grey.convert('1'), {})),
        }
        """));

    [Theory]
    [InlineData("JPEG", 1)]
    [InlineData("PNG", 2)]
    [InlineData("WebP", 3)]
    [InlineData("BMP", 4)]
    [InlineData("GIF", 5)]
    [InlineData("TIFF", 6)]
    [InlineData("PNM", 7)]
    public void Ten_thousand_damaged_files_of_each_format_are_read_or_refused_in_a_line(string format, int seed)
    {
        var files = Files.Value[format]!.AsArray().Select(file => PythonOracle.Bytes(file)).ToArray();
        Assert.All(files, file => Assert.NotNull(MLImage.Decode(file)));
        var random = new Random(seed);
        var refusals = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < Mutations; i++)
        {
            var damaged = Damage(files, random);
            if (format == "PNG" && i % 2 == 0)
            {
                RepairChecksums(damaged);
            }

            try
            {
                var image = MLImage.Decode(damaged, random.Next(2) == 0 ? 1 : 3, maxPixels: MaxPixels);
                Assert.InRange((long)image.Width * image.Height, 1, MaxPixels);
            }
            catch (ImageFormatException exception)
            {
                Assert.DoesNotContain('\n', exception.Message);
                Assert.DoesNotContain('/', exception.Message);
                Assert.DoesNotContain("std::", exception.Message, StringComparison.Ordinal);
                refusals[exception.Message] = refusals.GetValueOrDefault(exception.Message) + 1;
            }
        }

        // Some mutations harm nothing, and some do.
        Assert.InRange(refusals.Values.Sum(), Mutations / 20, Mutations - 100);
    }

    private static byte[] Damage(byte[][] files, Random random)
    {
        var file = files[random.Next(files.Length)].ToArray();
        for (var blows = random.Next(1, 5); blows > 0; blows--)
        {
            // Headers say sizes and offsets: half of the blows go there.
            var at = random.Next(2) == 0 ? random.Next(Math.Min(file.Length, 64)) : random.Next(file.Length);
            switch (random.Next(6))
            {
                case 0:
                    file[at] = (byte)random.Next(256);
                    break;
                case 1:
                    file[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(Math.Min(at, file.Length - 4)), Extremes[random.Next(Extremes.Length)]);
                    break;
                case 3:
                    file = file.Length > 16 ? file[..^random.Next(1, file.Length / 2)] : file;
                    break;
                case 4:
                    var part = file.AsSpan(at, random.Next(1, file.Length - at + 1)).ToArray();
                    file = [.. file[..at], .. part, .. file[at..]];
                    break;
                default:
                    var other = files[random.Next(files.Length)];
                    file = [.. file[..at], .. other[Math.Min(at, other.Length)..]];
                    break;
            }

            if (file.Length < 8)
            {
                return file;
            }
        }

        return file;
    }

    // Behind a checksum that is right, the damage gets further.
    private static void RepairChecksums(byte[] png)
    {
        for (var at = 8; at + 12 <= png.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at));
            if (length > png.Length - at - 12)
            {
                return;
            }

            BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(at + 8 + (int)length), Crc32.HashToUInt32(png.AsSpan(at + 4, 4 + (int)length)));
            at += 12 + (int)length;
        }
    }
}
