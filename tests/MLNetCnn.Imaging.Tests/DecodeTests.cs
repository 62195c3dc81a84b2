using MLNetCnn.Testing;

namespace MLNetCnn.Imaging.Tests;

public class DecodeTests
{
    [Fact]
    public void Every_format_and_colour_space_decodes_as_in_Pillow()
    {
        var answer = PillowImages.Run("""
            p = photo(61, 83)
            palette = p.quantize(64)
            grey16 = (np.asarray(p.convert('L')).astype(np.uint16) << 8) + 200
            alpha = p.copy(); alpha.putalpha(128)
            files = {
                'png': (file(p, 'PNG'), p), 'bmp': (file(p, 'BMP'), p), 'tiff': (file(p, 'TIFF'), p), 'ppm': (file(p, 'PPM'), p),
                'webp': (file(p, 'WEBP', lossless=True), p), 'palette': (file(palette, 'PNG'), palette), 'alpha': (file(alpha, 'PNG'), alpha),
                'grey': (file(p.convert('L'), 'PNG'), p.convert('L')), 'interlaced': (file(p, 'PNG', interlace=1), p),
                'grey16': (file(Image.fromarray(grey16), 'PNG'), p.convert('L')),
                'bilevel': (file(p.convert('1'), 'PNG'), p.convert('1')),
            }
            outputs = {k: {'file': f, 'rgb': np.asarray(i.convert('RGB'))} for k, (f, i) in files.items()}
            """);
        foreach (var (name, expected) in answer)
        {
            var image = MLImage.Decode(PythonOracle.Bytes(expected!["file"]));
            Assert.Equal((61, 83, 3), (image.Height, image.Width, image.Channels));
            Assert.True(PythonOracle.Bytes(expected["rgb"]).AsSpan().SequenceEqual(image.Pixels), name);
        }
    }

    [Fact]
    public void The_first_frame_of_a_gif_decodes_as_in_Pillow()
    {
        var answer = PillowImages.Run("""
            p = photo(60, 84)
            frames = [p.quantize(50), photo(60, 84).rotate(90, expand=False).quantize(20)]
            grey = p.convert('L')
            files = {
                'plain': file(frames[0], 'GIF', interlace=0), 'interlaced': file(frames[0], 'GIF', interlace=1), 'grey': file(grey, 'GIF'),
                'animated': file(frames[0], 'GIF', save_all=True, append_images=frames[1:], duration=40), 'transparent': file(frames[0], 'GIF', transparency=3),
            }
            opened = {k: Image.open(io.BytesIO(f.tobytes())) for k, f in files.items()}
            outputs = {k: {'file': files[k], 'rgb': np.asarray(i.convert('RGB'))} for k, i in opened.items()}
            """);
        foreach (var (name, expected) in answer)
        {
            var image = MLImage.Decode(PythonOracle.Bytes(expected!["file"]));
            Assert.Equal((60, 84), (image.Height, image.Width));
            Assert.True(PythonOracle.Bytes(expected["rgb"]).AsSpan().SequenceEqual(image.Pixels), name);
        }
    }

    [Fact]
    public void Jpegs_of_any_kind_decode_as_in_Pillow_within_rounding()
    {
        var answer = PillowImages.Run("""
            p = photo(120, 90)
            files = {
                'plain': file(p, 'JPEG', quality=95), 'progressive': file(p, 'JPEG', quality=90, progressive=True),
                'grey': file(p.convert('L'), 'JPEG'), 'cmyk': file(p.convert('CMYK'), 'JPEG', quality=95),
            }
            opened = {k: Image.open(io.BytesIO(f.tobytes())) for k, f in files.items()}
            outputs = {k: {'file': files[k], 'rgb': np.asarray(i.convert('RGB')), 'grey': np.asarray(i.convert('RGB').convert('L'))} for k, i in opened.items()}
            """);
        foreach (var (name, expected) in answer)
        {
            var file = PythonOracle.Bytes(expected!["file"]);
            var limit = name == "cmyk" ? 1.5 : 0.35;
            var rgb = PillowImages.MeanDifference(PythonOracle.Bytes(expected["rgb"]), MLImage.Decode(file).Pixels);
            var grey = PillowImages.MeanDifference(PythonOracle.Bytes(expected["grey"]), MLImage.Decode(file, 1).Pixels);
            Assert.True(rgb < limit && grey < limit, $"{name}: rgb differs by {rgb}, grey by {grey}");
        }
    }

    [Fact]
    public void All_eight_exif_orientations_are_honoured()
    {
        var answer = PillowImages.Run("""
            outputs = {}
            for orientation in range(1, 9):
                exif = Image.Exif(); exif[0x0112] = orientation
                jpeg = file(photo(48, 80), 'JPEG', quality=95, exif=exif).tobytes()
                xmp = b'http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'
                segment = b'\xff\xe1' + (len(xmp) + 2).to_bytes(2, 'big') + xmp
                exif_at = jpeg.index(b'\xff\xe1')
                files = {
                    'JPEG': jpeg,
                    'XMP first': jpeg[:exif_at] + segment + jpeg[exif_at:],
                    'CMYK': file(photo(48, 80).convert('CMYK'), 'JPEG', quality=95, exif=exif).tobytes(),
                    'WebP': file(photo(48, 80), 'WEBP', lossless=True, exif=exif).tobytes(),
                    'WebP, header before': file(photo(48, 80), 'WEBP', lossless=True, exif=b'Exif\x00\x00' + exif.tobytes().removeprefix(b'Exif\x00\x00')).tobytes(),
                    'PNG': file(photo(48, 80), 'PNG', exif=exif).tobytes(),
                }
                for kind, f in files.items():
                    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(f))).convert('RGB')
                    outputs[f'{kind} {orientation}'] = {'file': np.frombuffer(f, np.uint8), 'upright': np.asarray(upright), 'height': upright.height}
            """);
        Assert.Equal(48, answer.Count);
        foreach (var (orientation, expected) in answer)
        {
            var image = MLImage.Decode(PythonOracle.Bytes(expected!["file"]));
            Assert.Equal((int)expected["height"]!, image.Height);
            Assert.True(PillowImages.MeanDifference(PythonOracle.Bytes(expected["upright"]), image.Pixels) < (orientation.StartsWith("CMYK", StringComparison.Ordinal) ? 1.5 : 0.35), orientation);
        }
    }

    [Fact]
    public void Orientations_that_make_no_sense_leave_the_image_as_it_is()
    {
        var answer = PillowImages.Run("""
            tiff = lambda entries, count=None: b'MM\x00*\x00\x00\x00\x08' + (len(entries) if count is None else count).to_bytes(2, 'big') + b''.join(entries)
            entry = lambda value: b'\x01\x12\x00\x03\x00\x00\x00\x01' + value.to_bytes(2, 'big') + b'\x00\x00'
            exifs = [tiff([entry(9)]), tiff([entry(0)]), tiff([], 500), b'MM', b'', b'XX\x00*\x00\x00\x00\x08', b'MM\x00*\xff\xff\xff\xff', tiff([entry(1), entry(6)])]
            outputs = {str(i): file(photo(48, 80), 'JPEG', quality=95, exif=b'Exif\x00\x00' + e) for i, e in enumerate(exifs)}
            """);
        Assert.Equal(8, answer.Count);
        Assert.All(answer, file => Assert.Equal((48, 80), MLImage.Decode(PythonOracle.Bytes(file.Value)) is var image ? (image.Height, image.Width) : default));
    }

    [Fact]
    public void White_of_ten_and_twelve_bits_is_white()
    {
        foreach (var white in new[] { 1023, 4095, 65535 })
        {
            var header = System.Text.Encoding.ASCII.GetBytes(FormattableString.Invariant($"P5\n2 1\n{white}\n"));
            var half = white / 2;
            byte[] file = [.. header, (byte)(white >> 8), (byte)white, (byte)(half >> 8), (byte)half];
            Assert.All([255, 127], (expected, i) => Assert.InRange(MLImage.Decode(file, 1).Pixels[i], expected - 1, expected + 1));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(100)]
    public void White_of_few_bits_is_white_in_text_and_in_bytes(int white)
    {
        foreach (var (text, bytes, values) in new[] { ("P2", "P5", 1), ("P3", "P6", 3) })
        {
            int[] shades = [.. new[] { 0, white / 3, white }.SelectMany(shade => Enumerable.Repeat(shade, values))];
            var header = FormattableString.Invariant($"\n3 1\n{white}\n");
            var written = MLImage.Decode(System.Text.Encoding.ASCII.GetBytes(text + header + string.Join(' ', shades) + '\n'), 1);
            var packed = MLImage.Decode([.. System.Text.Encoding.ASCII.GetBytes(bytes + header), .. shades.Select(shade => (byte)shade)], 1);
            Assert.Equal((0, 255), (packed.Pixels[0], packed.Pixels[2]));
            Assert.InRange(packed.Pixels[1] - (255 * (white / 3) / (double)white), -1, 1);
            Assert.All(Enumerable.Range(0, 3), i => Assert.InRange(written.Pixels[i] - packed.Pixels[i], -1, 1));
        }
    }

    [Fact]
    public void Colours_are_the_same_in_every_format_whatever_their_alpha()
    {
        var answer = PillowImages.Run("""
            rgb = np.asarray(photo(24, 40))
            rgba = Image.fromarray(np.dstack([rgb, np.arange(24 * 40).reshape(24, 40) % 256]).astype(np.uint8), 'RGBA')
            outputs = {'rgb': rgb} | {f: file(rgba, f, **o) for f, o in (('PNG', {}), ('TIFF', {}), ('WEBP', {'lossless': True, 'exact': True}))}
            """);
        var expected = PythonOracle.Bytes(answer["rgb"]);
        Assert.All(new[] { "PNG", "TIFF", "WEBP" }, format => Assert.True(PillowImages.MeanDifference(expected, MLImage.Decode(PythonOracle.Bytes(answer[format]), 3).Pixels) < 0.01, format));
    }

    [Fact]
    public void Small_files_that_claim_time_or_memory_are_refused()
    {
        var answer = PillowImages.Run("""
            progressive = file(photo(64, 64), 'JPEG', progressive=True).tobytes()
            at = progressive.rindex(b'\xff\xda')
            array = lambda data: np.frombuffer(data, np.uint8)
            entry = lambda tag, value: tag.to_bytes(2, 'little') + b'\x04\x00\x01\x00\x00\x00' + value.to_bytes(4, 'little')
            entries = [entry(256, 8), entry(257, 8), entry(258, 8), entry(259, 1), entry(262, 1), entry(322, 16384), entry(323, 16384), entry(324, 200), entry(325, 64)]
            tiled = b'II*\x00\x08\x00\x00\x00' + len(entries).to_bytes(2, 'little') + b''.join(entries) + bytes(4)
            outputs = {'few': array(progressive), 'many': array(progressive[:-2] + progressive[at:-2] * 500 + progressive[-2:]), 'tiled': array(tiled.ljust(264, b'\x00'))}
            """);
        Assert.Equal(64, MLImage.Decode(PythonOracle.Bytes(answer["few"])).Height);
        Assert.Contains("has more than 500 scans", Refused("many"), StringComparison.Ordinal);
        Assert.Equal("the image comes in tiles of 16384 x 16384 pixels, the limit is 120000000", Refused("tiled"));

        string Refused(string name) => Assert.Throws<ImageFormatException>(() => MLImage.Decode(PythonOracle.Bytes(answer[name]))).Message;
    }

    [Fact]
    public void An_animated_WebP_is_refused_as_that()
    {
        var answer = PillowImages.Run("outputs = {'file': file(photo(8, 8), 'WEBP', save_all=True, append_images=[photo(8, 8).rotate(90)])}");
        Assert.Contains("is an animation", Assert.Throws<ImageFormatException>(() => MLImage.Decode(PythonOracle.Bytes(answer["file"]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_real_photo_decodes_as_in_Pillow()
    {
        var path = SharedData.Require("photos/parrot.jpg");
        var answer = PillowImages.Run("""
            i = ImageOps.exif_transpose(Image.open(inputs['path'])).convert('RGB')
            outputs = {'rgb': np.asarray(i), 'width': i.width}
            """, new() { ["path"] = path });
        var image = MLImage.CreateFromFile(path);
        Assert.Equal((int)answer["width"]!, image.Width);
        Assert.True(PillowImages.MeanDifference(PythonOracle.Bytes(answer["rgb"]), image.Pixels) < 0.35);
    }

    [Fact]
    public void A_file_cut_short_anywhere_is_refused()
    {
        var answer = PillowImages.Run("""
            p = photo(64, 64)
            exif = Image.Exif(); exif[0x010e] = 'x' * 3000
            outputs = {
                'JPEG': file(p, 'JPEG', exif=exif), 'progressive JPEG': file(p, 'JPEG', progressive=True), 'PNG': file(p, 'PNG'),
                'BMP': file(p, 'BMP'), 'GIF': file(p, 'GIF'), 'TIFF': file(p, 'TIFF'), 'WebP': file(p, 'WEBP'), 'PNM': file(p, 'PPM'),
            }
            """);
        foreach (var (name, node) in answer)
        {
            var file = PythonOracle.Bytes(node);
            for (var part = 1; part < 20; part++)
            {
                var cut = file.AsSpan(0, file.Length * part / 20).ToArray();
                var refused = Record.Exception(() => MLImage.Decode(cut));
                Assert.True(refused is ImageFormatException, $"{name} cut to {part}/20: {refused}");
            }
        }
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("\0\0\0\u0018ftypheic\0\0\0\0mif1heic", "a HEIC or AVIF image, which is not read: save it as JPEG")]
    [InlineData("\0\0\0\u0018ftypisom\0\0\0\0isomiso2", "not an image (JPEG, PNG, WebP, GIF, BMP, TIFF and PNM are read)")]
    [InlineData("no image at all", "not an image (JPEG, PNG, WebP, GIF, BMP, TIFF and PNM are read)")]
    [InlineData("GIF89a\u0001\u0000\u0001\u0000", "the GIF data is damaged or cut short")]
    [InlineData("P6 20000 20000 255 ", "the image has 20000 x 20000 pixels, the limit is 120000000")]
    [InlineData("P6 0 20 255 ", "the PNM header states no size")]
    public void What_is_no_image_is_refused_with_the_reason(string text, string reason)
    {
        var error = Assert.Throws<ImageFormatException>(() => MLImage.Decode(System.Text.Encoding.ASCII.GetBytes(text)));
        Assert.Equal(reason, error.Message);
    }

    // A decoder takes the first frame: a small one behind it must not hide a large one from the limit.
    [Fact]
    public void The_size_of_a_JPEG_is_that_of_its_first_frame()
    {
        var file = PythonOracle.Bytes(PillowImages.Run("outputs = {'file': file(photo(48, 64), 'JPEG')}")["file"]);
        byte[] second = [0xFF, 0xC0, 0, 17, 8, 0, 8, 0, 8, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0];
        var frame = file.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]);
        (file[frame + 5], file[frame + 6], file[frame + 7], file[frame + 8]) = (0xFF, 0xDC, 0xFF, 0xDC);
        Assert.Contains("65500 x 65500 pixels, the limit is", Assert.Throws<ImageFormatException>(() => MLImage.Decode([.. file[..^2], .. second, .. file[^2..]])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unreadable_file_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["cat.jpg"], "no cat");
        var error = Assert.Throws<ImageFormatException>(() => MLImage.CreateFromFile(folder["cat.jpg"]));
        Assert.StartsWith(folder["cat.jpg"] + ": not an image", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_damage_never_brings_the_process_down()
    {
        var answer = PillowImages.Run("""
            p = photo(40, 40)
            outputs = {f: file(p, f) for f in ('JPEG', 'PNG', 'BMP', 'TIFF', 'WEBP', 'PPM', 'GIF')}
            """);
        var random = new Random(11);
        foreach (var (_, node) in answer)
        {
            var file = PythonOracle.Bytes(node);
            for (var round = 0; round < 60; round++)
            {
                var damaged = file.ToArray();
                for (var flips = random.Next(1, 12); flips > 0; flips--)
                {
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                }

                var error = Record.Exception(() => MLImage.Decode(damaged));
                Assert.True(error is null or ImageFormatException, error?.ToString());
            }
        }
    }
}
