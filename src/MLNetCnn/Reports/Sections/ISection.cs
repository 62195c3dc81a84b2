using MLNetCnn.Reports.Markup;

namespace MLNetCnn.Reports.Sections;

/// <summary>One part of the page: it reads the model and gives HTML, or nothing where the model has nothing for it.</summary>
internal interface ISection
{
    /// <summary>The anchor for links.</summary>
    string Id { get; }

    /// <summary>The heading, also shown in the navigation.</summary>
    string Title { get; }

    /// <summary>What stands under the heading; empty leaves the section out.</summary>
    Html Render(ReportModel model);
}
