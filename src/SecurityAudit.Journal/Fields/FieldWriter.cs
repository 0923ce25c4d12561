namespace SecurityAudit.Journal;

/// <summary>Who puts a field into an event.</summary>
internal enum FieldWriter
{
    /// <summary>This library: the journal, the capture, detection, a shipper.</summary>
    Library,

    /// <summary>The application, or a pipeline of its owner's: the field is of use there, and nothing here writes it.</summary>
    Application,

    /// <summary>The engine, through the pipeline that setting up makes.</summary>
    Engine,
}
