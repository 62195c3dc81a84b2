using System.Formats.Tar;
using System.IO.Compression;

namespace MLNetCnn.Data;

/// <summary>The files of a tar archive, plain or gzipped.</summary>
internal sealed class TarFiles : IFileSet
{
    private const int Block = 512;

    private readonly bool _zipped;

    /// <summary>Lists an archive: reads it once.</summary>
    /// <exception cref="DatasetException">It is damaged, or a bomb.</exception>
    public TarFiles(string path, bool zipped, CancellationToken cancellation)
    {
        (Name, _zipped) = (path, zipped);
        var listing = new FileListing(path);
        Walk(entry => List(listing, entry), cancellation, () => listing.LeftOut.Note($"{path} ends after an entry, without the zeros that end a tar: if it was cut short, images are missing, and it is to be fetched or copied again"));
        (Files, Folders, LeftOut) = (listing.Files, listing.Folders, listing.LeftOut);
    }

    public string Name { get; }

    public IReadOnlyList<FileEntry> Files { get; }

    public IReadOnlyList<string> Folders { get; }

    public LeftOut LeftOut { get; }

    public string PathOf(string name) => $"{Name}: {name}";

    public void Read(IReadOnlySet<string> names, Action<FileEntry, Func<Stream>> take, CancellationToken cancellation = default)
    {
        var wanted = Files.Where(file => names.Contains(file.Name)).ToDictionary(file => file.Name, StringComparer.Ordinal);
        if (wanted.Count == 0)
        {
            return;
        }

        Walk(
            entry =>
            {
                // Taken out, so that a second entry of the name is passed over as in the listing.
                if (IsFile(entry) && wanted.Remove(FileListing.PlainName(entry.Name) ?? "", out var file))
                {
                    take(file, () => entry.DataStream is { } data ? new TarContent(data, Name) : Stream.Null);
                }

                return wanted.Count > 0;
            },
            cancellation);
    }

    private static bool List(FileListing listing, TarEntry entry)
    {
        if (IsFile(entry))
        {
            listing.AddFile(entry.Name, entry.Length);
        }
        else if (entry.EntryType == TarEntryType.Directory)
        {
            listing.AddFolder(entry.Name);
        }
        else if (entry.EntryType != TarEntryType.GlobalExtendedAttributes)
        {
            listing.Refuse(entry.Name, entry.EntryType is TarEntryType.SymbolicLink or TarEntryType.HardLink ? " is a link" : $" is no file but a {entry.EntryType}");
        }

        return true;
    }

    private static bool IsFile(TarEntry entry) =>
        entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile;

    private void Walk(Func<TarEntry, bool> visit, CancellationToken cancellation, Action? unended = null)
    {
        try
        {
            using var file = File.OpenRead(Name);
            using var content = _zipped ? new GrowthGuard(new GZipStream(file, CompressionMode.Decompress), file, Name) : (Stream)file;
            using var reader = new TarReader(content);
            var end = 0L;
            while (reader.GetNextEntry() is { } entry)
            {
                cancellation.ThrowIfCancellationRequested();
                end = entry.DataOffset < 0 ? 0 : entry.DataOffset + entry.Length;
                if (!visit(entry))
                {
                    return;
                }
            }

            // A copy that stopped at an entry's end looks whole otherwise.
            if (end > 0 && file.Length < end + Block)
            {
                unended?.Invoke();
            }
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException or FormatException)
        {
            throw TarContent.Damaged(Name, error);
        }
    }
}
