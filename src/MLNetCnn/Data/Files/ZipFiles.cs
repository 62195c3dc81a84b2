using System.IO.Compression;

namespace MLNetCnn.Data;

/// <summary>The files of a zip archive.</summary>
internal sealed class ZipFiles : IFileSet
{
    private const int UnixTypeShift = 28;
    private const int UnixLink = 0xA;

    /// <summary>Lists an archive by its directory.</summary>
    /// <exception cref="DatasetException">It is damaged, or a bomb.</exception>
    public ZipFiles(string path)
    {
        Name = path;
        var listing = new FileListing(path);
        var content = 0L;
        Open(archive =>
        {
            foreach (var entry in archive.Entries)
            {
                content += List(listing, entry);
            }
        });
        var stored = new FileInfo(path).Length;
        if (ArchiveLimits.IsBomb(stored, content))
        {
            throw ArchiveLimits.Bomb(path, stored, content);
        }

        (Files, Folders, LeftOut) = (listing.Files, listing.Folders, listing.LeftOut);
    }

    public string Name { get; }

    public IReadOnlyList<FileEntry> Files { get; }

    public IReadOnlyList<string> Folders { get; }

    public LeftOut LeftOut { get; }

    public string PathOf(string name) => $"{Name}: {name}";

    public void Read(IReadOnlySet<string> names, Action<FileEntry, Func<Stream>> take, CancellationToken cancellation = default) => Open(archive =>
    {
        var wanted = Files.Where(file => names.Contains(file.Name)).ToDictionary(file => file.Name, StringComparer.Ordinal);
        foreach (var entry in archive.Entries)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!IsLink(entry) && StoredName(entry) is var stored && !stored.EndsWith('/') && wanted.Remove(FileListing.PlainName(stored) ?? "", out var file))
            {
                Stream? opened = null;
                take(file, () => opened = entry.Open());
                opened?.Dispose();
            }
        }
    });

    private static long List(FileListing listing, ZipArchiveEntry entry)
    {
        var name = StoredName(entry);
        if (name.EndsWith('/'))
        {
            listing.AddFolder(name);
        }
        else if (IsLink(entry))
        {
            listing.Refuse(name, " is a link");
        }
        else if (entry.IsEncrypted)
        {
            listing.Refuse(name, " is encrypted");
        }
        else
        {
            return listing.AddFile(name, entry.Length) is null ? 0 : entry.Length;
        }

        return 0;
    }

    // Some Windows programs write backslashes, against the format's rule.
    private static string StoredName(ZipArchiveEntry entry) => entry.FullName.Replace('\\', '/');

    private static bool IsLink(ZipArchiveEntry entry) => (int)((uint)entry.ExternalAttributes >> UnixTypeShift) == UnixLink;

    // .NET gives an entry no more bytes than it declares: what lies about its size comes out cut short, and is noticed.
    private void Open(Action<ZipArchive> use)
    {
        ZipArchive archive;
        try
        {
            archive = ZipFile.OpenRead(Name);
            _ = archive.Entries.Count;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw TarContent.Damaged(Name, error);
        }

        using (archive)
        {
            use(archive);
        }
    }
}
