using System.Diagnostics;
using System.Text.Json.Nodes;
using MLNetCnn.Data;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Data;

/// <summary>Archives that Python's tarfile and zipfile wrote, good and hostile ones.</summary>
public class ArchiveTests
{
    private const string Prelude = """
        import tarfile, zipfile, io, os, gzip, struct
        folder = inputs['folder']
        pets = [(c + '/' + n, open(os.path.join(folder, 'pets', c, n), 'rb').read()) for c in ('ant', 'bee', 'cat') for n in sorted(os.listdir(os.path.join(folder, 'pets', c)))]
        def info(name, size=0, kind=tarfile.REGTYPE, link=''):
            i = tarfile.TarInfo(name); i.size = size; i.type = kind; i.linkname = link
            return i
        def add(tar, name, data): tar.addfile(info(name, len(data)), io.BytesIO(data))
        outputs = {}

        """;

    [Fact]
    public void A_dataset_is_the_same_in_a_folder_and_in_every_archive()
    {
        using var folder = Pets("""
            for kind, mode in (('tar', 'w'), ('tar.gz', 'w:gz'), ('tgz', 'w:gz')):
                with tarfile.open(folder + '/a.' + kind, mode) as t:
                    for name, data in reversed(pets): add(t, './wrapped/pets/' + name, data)
            with zipfile.ZipFile(folder + '/a.zip', 'w', zipfile.ZIP_DEFLATED) as z:
                for name, data in pets: z.writestr('pets/' + name, data)
                z.writestr('__MACOSX/pets/._x.png', b'x')
            with zipfile.ZipFile(folder + '/windows.zip', 'w') as z:
                for name, data in pets: z.writestr(('pets/' + name).replace('/', '\\'), data)
            with zipfile.ZipFile(folder + '/lost.zip', 'w') as z:
                for name, data in pets + [('../lost.png', pets[0][1])]: z.writestr(os.path.normpath('pets/' + name), data)
            """);
        using var plain = Load(folder, "pets");
        using var split = Load(folder, "pets", testFraction: 0.4);
        foreach (var name in new[] { "a.tar", "a.tar.gz", "a.tgz", "a.zip", "windows.zip" })
        {
            using var splitAlike = Load(folder, name, testFraction: 0.4);
            Assert.Equal(Pixels(split), Pixels(splitAlike));
            using var dataset = Load(folder, name);
            Assert.Empty(dataset.Problems);
            Assert.Equal(plain.ClassNames, dataset.ClassNames);
            Assert.Equal(plain.Train.Labels.ToArray(), dataset.Train.Labels.ToArray());
            Assert.Equal(Pixels(plain), Pixels(dataset));
            Assert.EndsWith("pets/cat/3.png", dataset.Train.NameOf(11), StringComparison.Ordinal);
        }

        using var lost = Load(folder, "lost.zip");
        Assert.EndsWith("lost.png lies in no class folder: left out", Assert.Single(lost.Problems), StringComparison.Ordinal);
        Assert.Equal(Pixels(plain), Pixels(lost));
    }

    [Fact]
    public void Names_that_leave_the_archive_links_and_devices_are_named_and_left_out()
    {
        using var folder = Pets("""
            outside = pets[0][1]
            with tarfile.open(folder + '/a.tar.gz', 'w:gz') as t:
                for name, data in pets: add(t, name, data)
                for name in ('../escape.png', '/etc/escape.png', 'ant/../../escape.png', 'ant\\..\\escape.png', 'C:/escape.png'): add(t, name, outside)
                t.addfile(info('ant/link.png', kind=tarfile.SYMTYPE, link='/etc/passwd'))
                t.addfile(info('ant/hard.png', kind=tarfile.LNKTYPE, link='ant/0.png'))
                t.addfile(info('ant/device.png', kind=tarfile.CHRTYPE))
                add(t, 'ant/0.png', pets[5][1])
                add(t, 'ant/line\nbreak.png', outside)
                add(t, 'ant/' + 'x' * 5000 + '.png', outside)
            with tarfile.open(folder + '/b.tar', 'w', encoding='latin-1', format=tarfile.GNU_FORMAT) as t:
                for name, data in pets: add(t, name, data)
                add(t, 'ant/k\u00e4fer.png', outside)
                add(t, 'ant/' + 'y' * 600 + '.png', outside)
            with zipfile.ZipFile(folder + '/c.zip', 'w') as z:
                for name, data in pets: z.writestr(name, data)
                z.writestr('../escape.png', outside)
                link = zipfile.ZipInfo('ant/link.png'); link.external_attr = 0o120777 << 16
                z.writestr(link, '/etc/passwd')
            """);
        using var tar = Load(folder, "a.tar.gz");
        Assert.Equal([4, 4, 4], tar.Train.ClassCounts());
        Assert.Equal(0, tar.Train.Pixels(0)[0]);
        Assert.Equal(11, tar.LeftOut);
        Assert.Equal(5, tar.Problems.Count(problem => problem.EndsWith("escape.png has a name that leaves the archive: left out", StringComparison.Ordinal)));
        Assert.Contains(tar.Problems, problem => problem.EndsWith("ant/link.png is a link: left out", StringComparison.Ordinal));
        Assert.Contains(tar.Problems, problem => problem.EndsWith("ant/device.png is no file but a CharacterDevice: left out", StringComparison.Ordinal));
        Assert.Contains(tar.Problems, problem => problem.EndsWith("ant/0.png stands there a second time: left out", StringComparison.Ordinal));
        Assert.All(tar.Problems, problem => Assert.True(problem.Length < 400 && !problem.Contains('\n'), problem));

        using var other = Load(folder, "b.tar");
        Assert.Equal([5, 4, 4], other.Train.ClassCounts());
        Assert.Contains("has a name that is no UTF-8 text: rename it: left out", Assert.Single(other.Problems), StringComparison.Ordinal);

        using var zip = Load(folder, "c.zip");
        Assert.Equal((12, 2), (zip.Train.Count, zip.LeftOut));
        Assert.False(File.Exists(folder["escape.png"]));
    }

    [Theory]
    [InlineData("cut.tar.gz", "is cut short: fetch or copy it again")]
    [InlineData("damaged.tar.gz", "is damaged or no archive")]
    [InlineData("text.zip", "is damaged or no archive")]
    [InlineData("bomb.tar.gz", "is refused: its")]
    [InlineData("bomb.zip", "is refused: its")]
    [InlineData("empty.zip", "has no class folders")]
    public void An_archive_that_cannot_be_used_is_refused_in_one_line(string name, string reason)
    {
        using var folder = Pets("""
            def cut_or_damaged():
                with tarfile.open(folder + '/whole.tar.gz', 'w:gz') as t:
                    for name, data in pets: add(t, name, data + os.urandom(20000))
                whole = open(folder + '/whole.tar.gz', 'rb').read()
                open(folder + '/cut.tar.gz', 'wb').write(whole[:len(whole) // 2])
                open(folder + '/damaged.tar.gz', 'wb').write(whole[:len(whole) // 2] + b'\xff' * 999 + whole[len(whole) // 2:])
            def tar_bomb():
                with tarfile.open(folder + '/bomb.tar.gz', 'w:gz', compresslevel=1) as t:
                    for i in range(8): add(t, 'ant/bomb%d.png' % i, bytes(1 << 24))
            def zip_bomb():
                with zipfile.ZipFile(folder + '/bomb.zip', 'w', zipfile.ZIP_DEFLATED) as z:
                    for i in range(8): z.writestr('ant/bomb%d.png' % i, bytes(1 << 24))
            {'cut.tar.gz': cut_or_damaged, 'damaged.tar.gz': cut_or_damaged, 'bomb.tar.gz': tar_bomb, 'bomb.zip': zip_bomb,
             'text.zip': lambda: open(folder + '/text.zip', 'wb').write(b'PK is how this text begins'),
             'empty.zip': lambda: zipfile.ZipFile(folder + '/empty.zip', 'w').close()}[inputs['name']]()
            """, name);
        var error = Assert.Throws<DatasetException>(() => Load(folder, name));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_tar_that_ends_between_two_entries_may_be_cut_short_and_that_is_told()
    {
        using var folder = Pets("""
            with tarfile.open(folder + '/whole.tar', 'w') as t:
                for name, data in pets: add(t, name, data)
            whole = open(folder + '/whole.tar', 'rb').read()
            end = max(i.offset_data + (i.size + 511) // 512 * 512 for i in tarfile.open(folder + '/whole.tar').getmembers()[:-2])
            open(folder + '/cut.tar', 'wb').write(whole[:end])
            """);
        using var dataset = Load(folder, "cut.tar");
        Assert.Equal(10, dataset.Train.Count);
        Assert.Contains("cut.tar ends after an entry, without the zeros that end a tar", Assert.Single(dataset.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_zip_that_lies_about_sizes_loses_those_images_only()
    {
        using var folder = Pets("""
            with zipfile.ZipFile(folder + '/a.zip', 'w', zipfile.ZIP_DEFLATED) as z:
                for name, data in pets: z.writestr(name, data)
                z.writestr('ant/more.png', pets[0][1] * 50); z.writestr('ant/less.png', pets[0][1])
            b = bytearray(open(folder + '/a.zip', 'rb').read())
            def lie(name, size):
                at = b.rindex(name) - 46
                assert b[at:at + 4] == b'PK\x01\x02'
                struct.pack_into('<I', b, at + 24, size)
            lie(b'ant/more.png', 40); lie(b'ant/less.png', 1 << 20)
            open(folder + '/a.zip', 'wb').write(b)
            """);
        using var dataset = Load(folder, "a.zip");
        Assert.Equal([4, 4, 4], dataset.Train.ClassCounts());
        Assert.Equal(2, dataset.LeftOut);
        Assert.Contains(dataset.Problems, problem => problem.Contains("ant/less.png: has only ", StringComparison.Ordinal) && problem.Contains("of its declared 1048576 bytes", StringComparison.Ordinal));
    }

    [Fact]
    public void A_hundred_thousand_tiny_entries_cost_seconds_and_a_few_lines()
    {
        using var folder = Pets("""
            with tarfile.open(folder + '/a.tar.gz', 'w:gz', compresslevel=1) as t:
                for name, data in pets: add(t, name, data)
                for i in range(100000): add(t, 'bee/%06d.%s' % (i, 'jpg' if i < 3000 else 'txt'), b'')
            """);
        var clock = Stopwatch.StartNew();
        using var dataset = Load(folder, "a.tar.gz");
        Assert.Equal([4, 4, 4], dataset.Train.ClassCounts());
        Assert.Equal(100_000, dataset.LeftOut);
        Assert.InRange(dataset.Problems.Count, 2, 50);
        Assert.Contains("and 96980 more, as the last one", dataset.Problems);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 60);
    }

    private static TemporaryFolder Pets(string code, string name = "")
    {
        var folder = new TemporaryFolder();
        SampleData.WriteFolders(folder["pets"]);
        PythonOracle.Run(Prelude + code, new JsonObject { ["folder"] = folder.Path, ["name"] = name });
        return folder;
    }

    private static ImageDataset Load(TemporaryFolder folder, string name, double testFraction = 0) =>
        DatasetLoader.Load(folder[name], SampleData.Options(folder) with { Height = 8, Width = 6, Channels = 1, TestFraction = testFraction });

    private static int[] Pixels(ImageDataset dataset) => SampleData.FirstPixels(dataset.Train);
}
