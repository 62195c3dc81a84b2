using System.Text.Json.Nodes;
using MLNetCnn.Data;
using MLNetCnn.Imaging;
using MLNetCnn.Runs;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Data;

public class DataAuditTests
{
    [Fact]
    public void Every_kind_of_fault_is_found_and_only_those()
    {
        using var folder = new TemporaryFolder();
        var photos = SharedData.Require("food-101-20-samples.tar.gz");
        PythonOracle.Run("""
            import tarfile, io, os
            from PIL import Image, ImageFilter
            t = tarfile.open(inputs['photos'])
            photos = [Image.open(io.BytesIO(t.extractfile(m).read())).convert('RGB') for m in t.getmembers() if m.isfile()][:40]
            f = inputs['folder']
            def save(image, name, **options):
                os.makedirs(os.path.dirname(f + '/' + name), exist_ok=True)
                image.save(f + '/' + name, **options)
            encoded = io.BytesIO()
            photos[39].save(encoded, 'jpeg')
            encoded = bytearray(encoded.getvalue())
            encoded[len(encoded) // 2:len(encoded) // 2 + 40] = b'\x11' * 40
            os.makedirs(f + '/train/dish')
            open(f + '/train/dish/damaged.jpg', 'wb').write(encoded)
            for i in range(60): open(f + '/train/dish/cut%02d.jpg' % i, 'wb').write(encoded[:200])
            for i in range(30): save(photos[i], 'train/dish/%02d.png' % i)
            for i in range(30, 33): save(photos[i], 'train/Dish/%02d.png' % i)
            for i in range(33, 38): save(photos[i], 'test/dish/%02d.png' % i)
            save(photos[38], 'test/Dish/38.png')
            save(photos[0], 'test/dish/copy.png')
            save(photos[1], 'train/Dish/relabelled.png')
            w, h = photos[2].size
            save(photos[2].resize((w * 3 // 4, h * 3 // 4)), 'test/dish/recompressed.jpg', quality=60)
            w, h = photos[3].size
            save(photos[3].resize((w * 3 // 4, h * 3 // 4)), 'train/dish/smaller.jpg', quality=60)
            for i in range(6): save(photos[i].rotate(40 + 20 * i).crop((40, 40, 200, 200)), 'train/dish/turned%02d.png' % i)
            save(photos[5].point(lambda v: v // 16), 'train/dish/dark.png')
            save(photos[6].filter(ImageFilter.GaussianBlur(12)), 'train/dish/blurred.png')
            save(Image.new('RGB', (200, 200), (90, 90, 90)), 'train/dish/blank.png')
            save(photos[7].crop((60, 60, 85, 85)), 'train/dish/tiny.png')
            open(f + '/train/dish/broken.jpg', 'wb').write(b'no photo')
            outputs = {}
            """, new JsonObject { ["photos"] = photos, ["folder"] = folder["food"] });
        using var dataset = DatasetLoader.Load(folder["food"], SampleData.Options(folder) with { Height = 128, Width = 128 });
        Assert.Null(DataAudit.Find(dataset));
        var audit = DataAudit.Run(dataset);

        Assert.Equal(61, audit[AuditKind.LeftOut]!.Count);
        Assert.Equal(61, audit[AuditKind.LeftOut]!.Examples.Count);
        Assert.Contains(audit[AuditKind.LeftOut]!.Examples, line => line.Contains("broken.jpg", StringComparison.Ordinal));
        Single(AuditKind.Damaged, "damaged.jpg", "Corrupt JPEG data", "kept, though a part of it is lost");
        Single(AuditKind.NearDuplicatesWithinSplit, "dish/03.png", "dish/smaller.jpg");
        Single(AuditKind.Imbalance, "Dish: 4 of the largest class's");
        Single(AuditKind.DuplicatesAcrossSplits, "dish/00.png", "test/dish/copy.png");
        Single(AuditKind.DuplicatesAcrossClasses, "dish/01.png", "Dish/relabelled.png");
        Single(AuditKind.NearDuplicatesAcrossSplits, "dish/02.png", "recompressed.jpg");
        Single(AuditKind.Dark, "dark.png");
        Single(AuditKind.Blank, "blank.png");
        Single(AuditKind.Blurred, "blurred.png");
        Single(AuditKind.Tiny, "tiny.png", "25×25");
        Single(AuditKind.SimilarClassNames, "'Dish' and 'dish'");
        Assert.Equal(audit.Findings.Select(finding => finding.Kind), DataAudit.Find(dataset)!.Findings.Select(finding => finding.Kind));

        // What was found goes along with any part of the images, at any size.
        using var smaller = DatasetLoader.Load(folder["food"], SampleData.Options(folder) with { Height = 32, Width = 32, TrainImagesPerClass = 3 });
        Assert.Equal(audit.Images, DatasetSummary.Of(smaller, 0).Audit!.Images);
        Assert.Equal(smaller.All.Count, DataAudit.Run(smaller).Images);
        Assert.Equal(smaller.All.Count, DataAudit.Find(smaller)!.Images);
        Assert.Equal(audit.Images, DataAudit.Find(dataset)!.Images);

        // Of other classes or splits it says nothing.
        using var validated = DatasetLoader.Load(folder["food"], SampleData.Options(folder) with { Height = 32, Width = 32, ValidationFraction = 0.5 });
        Assert.Null(DataAudit.Find(validated));

        void Single(AuditKind kind, params string[] words)
        {
            var example = Assert.Single(audit[kind]?.Examples ?? []);
            Assert.All(words, word => Assert.Contains(word, example, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Near_pairs_are_those_of_comparing_each_with_each()
    {
        var random = new Random(3);
        var images = new byte[400 * 32 * 32];
        random.NextBytes(images);
        for (var i = 0; i < 200; i++)
        {
            // A copy with some rows of noise, more of them for later ones.
            images.AsSpan(i * 1024, 1024).CopyTo(images.AsSpan((200 + i) * 1024, 1024));
            random.NextBytes(images.AsSpan((200 + i) * 1024, 32 * (i / 10)));
        }

        var described = ImageLikeness.Describe(images, 400, 32, 32, 1);
        foreach (var distance in new[] { 0, 1, 5, 10, 24 })
        {
            var expected = from i in Enumerable.Range(0, 400)
                           from j in Enumerable.Range(i + 1, 400 - i - 1)
                           where ulong.PopCount(described[i].Horizontal ^ described[j].Horizontal) + ulong.PopCount(described[i].Vertical ^ described[j].Vertical) <= (ulong)distance
                           select (i, j);
            var (pairs, total) = ImageLikeness.NearPairs(described, distance);
            Assert.Equal(expected, pairs.Order());
            Assert.Equal(pairs.Length, total);
            Assert.True(total >= 10);
        }
    }
}
