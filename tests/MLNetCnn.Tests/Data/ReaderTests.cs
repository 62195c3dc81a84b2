using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MLNetCnn.Data;
using MLNetCnn.Imaging;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Data;

public class ReaderTests
{
    [Fact]
    public void A_table_of_paths_and_labels_is_a_dataset_with_or_without_header_and_splits()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteFolders(folder["pets"]);
        File.WriteAllText(Path.Combine(folder["pets"], "plain.tsv"), string.Concat(SampleData.Classes.SelectMany(name => Enumerable.Range(0, 4).Select(i => $"{name}/{i}.png\tthe {name}\n"))));
        using var plain = Load(folder, "plain.tsv");
        Assert.Equal(["the ant", "the bee", "the cat"], plain.ClassNames);
        Assert.Equal([0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23], SampleData.FirstPixels(plain.Train));

        File.WriteAllText(
            Path.Combine(folder["pets"], "full.csv"),
            $"""
            Label,Split,ImagePath
            "ant, small",train,ant/0.png
            cat,test,"cat/1.png"
            cat,Train,{Path.Combine(folder["pets"], "cat", "2.png")}
            cat,train,cat/2.png


            cat,train,../../etc/passwd.png
            cat,sometimes,cat/3.png
            cat,train,cat/9.png
            cat
            """);
        using var full = Load(folder, "full.csv");
        File.WriteAllText(
            Path.Combine(folder["pets"], "sizes.csv"),
            "filename,width,label,subset\n" + string.Concat(SampleData.Classes.SelectMany(name => Enumerable.Range(0, 4).Select(i => $"{name}/{i}.png,6,{name},{(i < 2 ? "training" : "val")}\n"))));
        using var sizes = Load(folder, "sizes.csv");
        Assert.Equal((6, 6), (sizes.Train.Count, sizes.Validation!.Count));
        File.WriteAllText(Path.Combine(folder["pets"], "third.csv"), "filename,label,width\nant/0.png,ant,6\nbee/0.png,bee,6\n");
        using var third = Load(folder, "third.csv");
        File.WriteAllText(
            Path.Combine(folder["pets"], "captions.csv"),
            "image,label,caption,phase\n" + string.Concat(SampleData.Classes.SelectMany(name => Enumerable.Range(0, 4).Select(i => $"{name}/{i}.png,{name},\"a {name}\non \"\"two\"\" lines\",{(i < 3 ? "train" : "test")}\r\n"))));
        using var captions = Load(folder, "captions.csv");
        Assert.Equal((9, 3, 0), (captions.Train.Count, captions.Test!.Count, captions.LeftOut));
        // A row that is misspelt makes no other column of it: it is told.
        File.WriteAllText(
            Path.Combine(folder["pets"], "odd.csv"),
            "image,label,phase\n" + string.Concat(SampleData.Classes.SelectMany(name => Enumerable.Range(0, 4).Select(i => $"{name}/{i}.png,{name},{(i < 3 ? "train" : "test")}\n"))) + "cat/1.png,cat,dev\n");
        using var odd = Load(folder, "odd.csv");
        Assert.Equal((9, 3), (odd.Train.Count, odd.Test!.Count));
        Assert.Contains(odd.Problems, problem => problem.Contains("odd.csv, line 14 has no path, no label or an unknown split", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(folder["pets"], "german.csv"), "ant/0.png;ant\nbee/0.png;bee\n");
        using (var german = Load(folder, "german.csv"))
        {
            Assert.Equal(["ant", "bee"], german.ClassNames);
        }

        File.WriteAllText(Path.Combine(folder["pets"], "bars.csv"), "ant/0.png|ant\nbee/0.png|bee\n");
        Assert.Matches("as in image.jpg,label; .*bars.csv, line 1 names no file and is taken as the header: ant/0.png|ant", Assert.Throws<DatasetException>(() => Load(folder, "bars.csv")).Message);
        Assert.Equal(2, third.Train.Count);
        Assert.Equal(["ant, small", "cat"], full.ClassNames);
        Assert.Equal([0, 22], SampleData.FirstPixels(full.Train));
        Assert.Equal([21], SampleData.FirstPixels(full.Test!));
        Assert.Equal(5, full.LeftOut);
        Assert.Contains(full.Problems, problem => problem.Contains("full.csv, line 5: cat/2.png stands in the table twice", StringComparison.Ordinal));
        Assert.Contains(full.Problems, problem => problem.Contains("full.csv, line 8: ../../etc/passwd.png is no file below", StringComparison.Ordinal));
    }

    [Fact]
    public void A_table_depends_on_its_images_and_not_on_what_else_lies_beside_it()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteFolders(folder["pets"]);
        File.WriteAllText(Path.Combine(folder["pets"], "two.csv"), "ant/0.png,ant\nbee/0.png,bee\nbee/gone.png,bee\n");
        string before;
        using (var dataset = Load(folder, "two.csv"))
        {
            before = dataset.Fingerprint;
        }

        Directory.CreateDirectory(folder["pets/artifacts/train/checkpoint"]);
        File.WriteAllText(folder["pets/artifacts/train/checkpoint/network"], "weights");
        File.WriteAllText(folder["pets/cat/0.png"], "not in the table");
        using (var dataset = Load(folder, "two.csv"))
        {
            Assert.Equal(before, dataset.Fingerprint);
        }

        File.Copy(folder["pets/bee/1.png"], folder["pets/bee/gone.png"]);
        using var found = Load(folder, "two.csv");
        Assert.NotEqual(before, found.Fingerprint);
        Assert.Equal(3, found.Train.Count);
    }

    [Fact]
    public void A_table_that_is_no_UTF8_is_refused_rather_than_its_classes_merged()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteFolders(folder["pets"]);
        const string Rows = "ant/0.png;Küche\nbee/0.png;Köche\ncat/0.png;Bad\n";
        File.WriteAllText(Path.Combine(folder["pets"], "excel.csv"), Rows, Encoding.Latin1);
        Assert.Contains("excel.csv is no UTF-8 text: save it as UTF-8", Assert.Throws<DatasetException>(() => Load(folder, "excel.csv")).Message, StringComparison.Ordinal);
        File.WriteAllBytes(Path.Combine(folder["pets"], "excel.csv"), [.. Encoding.UTF8.Preamble, .. Encoding.Latin1.GetBytes(Rows)]);
        Assert.Contains("excel.csv is no UTF-8 text", Assert.Throws<DatasetException>(() => Load(folder, "excel.csv")).Message, StringComparison.Ordinal);
        foreach (var encoding in new Encoding[] { new UTF8Encoding(true), new UnicodeEncoding(bigEndian: false, byteOrderMark: true) })
        {
            File.WriteAllText(Path.Combine(folder["pets"], "excel.csv"), Rows, encoding);
            using var dataset = Load(folder, "excel.csv");
            Assert.Equal(["Bad", "Köche", "Küche"], dataset.ClassNames);
        }
    }

    [Theory]
    [InlineData("ImagePath,Split,Species", "{0},train,{1}")]
    [InlineData("Species,ImagePath", "{1},{0}")]
    [InlineData("photo,animal", "{0},{1}")]
    [InlineData("Photo;Split;Label", "{0};train;{1}")]
    public void What_a_header_names_otherwise_is_what_is_left(string header, string row)
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteFolders(folder["pets"]);
        File.WriteAllLines(Path.Combine(folder["pets"], "table.csv"), [header, .. SampleData.Classes.Select(name => string.Format(CultureInfo.InvariantCulture, row, $"{name}/0.png", name))]);
        using var dataset = Load(folder, "table.csv");
        Assert.Equal(SampleData.Classes, dataset.ClassNames);
        Assert.Equal(0, dataset.LeftOut);
        Assert.Equal(header == "photo,animal" ? 1 : 0, dataset.Problems.Count(problem => problem.Contains("line 1 names no file and is taken as the header: photo, animal", StringComparison.Ordinal)));
    }

    [Fact]
    public void No_row_of_a_table_is_lost_for_another_s_quotes_or_for_a_header_that_there_is_none()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteFolders(folder["pets"]);
        var rows = SampleData.Classes.SelectMany(name => Enumerable.Range(0, 4).Select(i => $"{name}/{i}.png,{name}")).ToArray();
        rows[5] = '"' + rows[5];
        File.WriteAllLines(Path.Combine(folder["pets"], "quoted.csv"), rows);
        using var quoted = Load(folder, "quoted.csv");
        Assert.Equal((11, 1), (quoted.Train.Count, quoted.LeftOut));
        Assert.Contains(quoted.Problems, problem => problem.Contains("quoted.csv, line 6 has unbalanced quotes", StringComparison.Ordinal));

        rows[7] += '"';
        File.WriteAllLines(Path.Combine(folder["pets"], "twice.csv"), rows);
        using var twice = Load(folder, "twice.csv");
        Assert.Equal((11, 1), (twice.Train.Count, twice.LeftOut));

        foreach (var name in SampleData.Classes)
        {
            File.Move(Path.Combine(folder["pets"], name, "0.png"), Path.Combine(folder["pets"], name, "first"));
        }

        File.WriteAllLines(Path.Combine(folder["pets"], "bare.csv"), SampleData.Classes.Select(name => $"{name}/first,{name}"));
        using var bare = Load(folder, "bare.csv");
        Assert.Equal(3, bare.Train.Count);

        File.WriteAllText(Path.Combine(folder["pets"], "doubtful.csv"), "ImagePath,Species,Author\nant/1.png,ant,me\n");
        Assert.Contains("doubtful.csv does not tell which of its columns ImagePath, Species, Author holds the labels: call it Label", Assert.Throws<DatasetException>(() => Load(folder, "doubtful.csv")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cifar_10_files_are_read_in_their_order_and_checked()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["data"]);
        byte[] Record(int label, int value) => [(byte)label, .. Enumerable.Repeat((byte)value, 1024), .. Enumerable.Repeat((byte)(value + 1), 1024), .. Enumerable.Repeat((byte)(value + 2), 1024)];
        void Write(string name, params byte[][] records) => File.WriteAllBytes(Path.Combine(folder["data"], name), [.. records.SelectMany(record => record)]);
        Write("b.bin", Record(0, 10), Record(2, 20));
        Write("a.bin", Record(1, 30), Record(1, 40));
        Write("t.bin", Record(2, 50));
        var manifest = SampleData.IdxManifest(folder["none"], train: 4, test: 1, files: []);
        manifest["image"] = new JsonObject { ["height"] = 32, ["width"] = 32, ["channels"] = 3 };
        manifest["format"] = new JsonObject { ["kind"] = "cifar", ["label"] = "single", ["train"] = new JsonArray("b.bin", "a.bin"), ["test"] = new JsonArray("t.bin") };
        manifest["sources"] = new JsonArray(new JsonObject { ["kind"] = "folder", ["folder"] = folder["data"] });
        using (var dataset = DatasetLoader.Load(SampleData.Parse(manifest), SampleData.Options(folder)))
        {
            Assert.Equal([0, 2, 1, 1], dataset.Train.Labels.ToArray());
            Assert.Equal([10, 20, 30, 40], SampleData.FirstPixels(dataset.Train));
            Assert.Equal([50, 51, 52, 50], dataset.Test!.Pixels(0)[..4].ToArray().Select(pixel => (int)pixel));
        }

        Write("t.bin", Record(3, 50));
        Assert.Contains("t.bin has the label 3 at position 0, the manifest has 3 classes", Failure(), StringComparison.Ordinal);
        Write("t.bin", Record(1, 50)[1..]);
        Assert.Contains("t.bin is truncated or no CIFAR file", Failure(), StringComparison.Ordinal);

        string Failure() => Assert.Throws<DatasetException>(() => DatasetLoader.Load(SampleData.Parse(manifest), SampleData.Options(folder))).Message;
    }

    [Fact]
    public void Odd_images_and_folders_are_named_and_the_rest_is_loaded()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteFolders(folder["pets"]);
        string At(params string[] parts) => Path.Combine([folder["pets"], .. parts]);
        PythonOracle.Run("""
            import struct, zlib, os
            from PIL import Image
            f = inputs['folder']
            Image.new('L', (1, 1), 5).save(f + '/ant/tiny.png')
            Image.new('L', (6, 8), 7).save(f + '/ant/wrong.jpg', 'BMP')
            chunk = lambda t, d: struct.pack('>I', len(d)) + t + d + struct.pack('>I', zlib.crc32(t + d))
            open(f + '/ant/huge.png', 'wb').write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 30000, 30000, 8, 2, 0, 0, 0)) + chunk(b'IDAT', zlib.compress(bytes(1000))) + chunk(b'IEND', b''))
            Image.new('L', (6, 8), 9).save(f + '/ant/' + 'long' * 60 + '.png')
            os.mkdir(f + '/empty')
            os.makedirs(f + '/single'); Image.new('L', (6, 8), 40).save(f + '/single/0.png')
            open(os.fsencode(f) + b'/bee/k\xe4fer.png', 'wb').write(open(f + '/bee/0.png', 'rb').read())
            os.symlink('nowhere.png', f + '/bee/broken.png'); os.symlink('..', f + '/cat/loop'); os.symlink(f + '/cat/0.png', f + '/cat/linked.png')
            outputs = {}
            """, new JsonObject { ["folder"] = folder["pets"] });
        using var dataset = DatasetLoader.Load(folder["pets"], SampleData.Options(folder) with { Height = 8, Width = 6, Channels = 1 });

        // .NET cannot name the file, and so not delete it either.
        PythonOracle.Run("import os; os.remove(os.fsencode(inputs['folder']) + b'/bee/k\\xe4fer.png'); outputs = {}", new JsonObject { ["folder"] = folder["pets"] });
        Assert.Equal(["ant", "bee", "cat", "single"], dataset.ClassNames);
        Assert.Equal([7, 4, 5, 1], dataset.Train.ClassCounts());
        Assert.Contains(dataset.Problems, problem => problem.StartsWith(At("ant", "huge.png") + ": the image has 30000 x 30000 pixels", StringComparison.Ordinal));
        Assert.Contains(dataset.Problems, problem => problem.EndsWith("empty holds no images: left out", StringComparison.Ordinal));
        Assert.Contains(dataset.Problems, problem => problem.Contains("no UTF-8 text", StringComparison.Ordinal));
        Assert.Contains(dataset.Problems, problem => problem.EndsWith("broken.png is a link that leads nowhere: left out", StringComparison.Ordinal));
        Assert.Contains(dataset.Problems, problem => problem.EndsWith("loop is a link to a folder above it: left out", StringComparison.Ordinal));
        Assert.Contains("the class 'single' has a single training image: little can be learnt of it", dataset.Problems);
        Assert.Equal(5, dataset.LeftOut);
        Assert.Equal((1, 1), dataset.Train.OriginalSize(Enumerable.Range(0, 17).Single(i => dataset.Train.NameOf(i).EndsWith("tiny.png", StringComparison.Ordinal))));
    }

    [Fact]
    public void A_table_names_its_files_by_where_a_link_leads_to_too()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteFolders(folder["real"]);
        Directory.CreateSymbolicLink(folder["pets"], folder["real"]);
        File.WriteAllText(folder["real/table.csv"], string.Concat(SampleData.Classes.Select(name => $"{folder["real"]}/{name}/1.png,{name}\n{folder["pets"]}/{name}/2.png,{name}\n")));
        using var dataset = Load(folder, "table.csv");
        Assert.Equal([1, 2, 11, 12, 21, 22], SampleData.FirstPixels(dataset.Train));
        Assert.Empty(dataset.Problems);
    }

    [Fact]
    public void A_folder_without_splits_gets_a_fifth_for_the_test_the_same_every_time()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteFolders(folder["pets"], perClass: 10);
        var options = SampleData.Options(folder) with { Height = 8, Width = 6, Channels = 1, TestFraction = null };
        using var dataset = DatasetLoader.Load(folder["pets"], options);
        using var again = DatasetLoader.Load(folder["pets"], options);
        Assert.Equal([8, 8, 8], dataset.Train.ClassCounts());
        Assert.Equal([2, 2, 2], dataset.Test!.ClassCounts());
        Assert.Equal(dataset.Test.Indices, again.Test!.Indices);
        Assert.Null(dataset.Validation);
    }

    [Fact]
    public void Many_images_of_many_sizes_are_each_in_their_place_and_gaps_are_closed()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "a", "b" })
        {
            Directory.CreateDirectory(folder["set/" + name]);
            for (var i = 0; i < 150; i++)
            {
                var side = 20 + i;
                MLImage.CreateFromPixels(side, side, MLPixelFormat.Grey8, Enumerable.Repeat((byte)i, side * side).ToArray()).Save(folder[$"set/{name}/{i:000}.png"]);
            }

            File.WriteAllText(folder[$"set/{name}/050.png"], "gone");
            File.WriteAllText(folder[$"set/{name}/000.png"], "gone");
        }

        using var dataset = DatasetLoader.Load(folder["set"], SampleData.Options(folder) with { Height = 500, Width = 500 });
        int[] expected = [.. Enumerable.Range(0, 150).Where(i => i is not (0 or 50))];
        Assert.Equal([.. expected, .. expected], SampleData.FirstPixels(dataset.Train));
        Assert.Equal((20 + 149, 20 + 149), dataset.Train.OriginalSize(dataset.Train.Count - 1));
        Assert.Equal(4, dataset.LeftOut);
    }

    private static ImageDataset Load(TemporaryFolder folder, string table) =>
        DatasetLoader.Load(Path.Combine(folder["pets"], table), SampleData.Options(folder) with { Height = 8, Width = 6, Channels = 1 });
}
