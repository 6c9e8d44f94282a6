namespace PaimonSharp.Data.Options;

/// <summary>
/// The keys of all table options that Paimon 1.4.2, its engines and this project know (docs/options.md), as lists of names: a name
/// that ends in a colon has those that follow it, up to the next such name.
/// </summary>
internal static class KnownOptionKeys
{
    /// <summary>A kind, then the keys whose values are of it.</summary>
    public const string ByKind =
        """
        Boolean:
        add-column-before-partition aggregation.remove-record-on-delete alter-column-null-to-not-null.disabled
        async-file-write auto-create blob-as-descriptor blob.split-by-file-size bucket-append-ordered
        chain-table.enabled changelog-producer.lookup-wait changelog-producer.row-deduplicate clustering.incremental
        clustering.incremental.optimize-write commit.discard-duplicate-files commit.force-compact
        commit.force-create-snapshot compaction.force-rewrite-all-files compaction.force-up-level-0
        consumer.changelog-only consumer.ignore-progress data-evolution.enabled data-file.thin-mode
        deduplicate.ignore-delete delete.force-produce-changelog deletion-vectors.bitmap64 deletion-vectors.enabled
        deletion-vectors.modifiable disable-explicit-type-casting dynamic-partition-overwrite
        end-input.check-partition-expire file-index.read.enabled file.suffix.include.compression
        first-row.ignore-delete force-lookup format-table.partition-path-only-value global-index.enabled ignore-delete
        ignore-update-before incremental-between-tag-to-snapshot index-file-in-data-file-dir
        key-value.sequence_number.enabled lookup-wait lookup.cache.bloom.filter.enabled lookup.remote-file.enabled
        manifest.delete-file-drop-stats metadata.stats-dense-store metastore.partitioned-table overwrite-upgrade
        parquet.enable.dictionary partial-update.ignore-delete partial-update.remove-record-on-delete
        partition.end-input-to-done partition.legacy-name partition.timestamp-format.strict pk-clustering-override
        postpone.batch-write-fixed-bucket query-auth.enabled row-tracking.enabled scan.ignore-corrupt-files
        scan.ignore-lost-files scan.plan-sort-partition snapshot.clean-empty-directories
        snapshot.expire.clean-empty-directories snapshot.ignore-empty-commit streaming-read-append-overwrite
        streaming-read-overwrite table-read.sequence-number.enabled tag.automatic-completion tag.create-success-file
        tag.time-expire-enabled variant.inferShreddingSchema visibility-callback.enabled write-buffer-for-append
        write-buffer-spillable write-only write.compaction-skip
        Int32:
        bucket changelog.num-retained.max changelog.num-retained.min clustering.history-partition.limit
        commit.max-retries compaction.file-num-limit compaction.max-size-amplification-percent compaction.min.file-num
        compaction.offpeak-ratio compaction.offpeak.end.hour compaction.offpeak.start.hour compaction.size-ratio
        cross-partition-upsert.bootstrap-parallelism delete-file.thread-num dynamic-bucket.assigner-parallelism
        dynamic-bucket.initial-buckets dynamic-bucket.max-buckets file-operation.thread-num
        file.compression.zstd-level full-compaction.delta-commits global-index.build.max-parallelism
        global-index.build.max-shard global-index.thread-num local-sort.max-num-file-handles
        lookup-compact.max-interval lookup.merge-records-threshold lookup.remote-file.level-threshold
        manifest.merge-min-count metadata.stats-keep-first-n-columns num-levels num-sorted-run.compaction-trigger
        num-sorted-run.stop-trigger orc.write.batch-size partition.expiration-batch-size partition.expiration-max-num
        postpone.batch-write-fixed-bucket.max-parallelism postpone.default-bucket-num read.batch-size
        scan.manifest.parallelism scan.max-splits-per-task snapshot.expire.limit snapshot.num-retained.max
        snapshot.num-retained.min sort-compaction.local-sample.magnification sort-spill-threshold
        spill-compression.zstd-level tag.num-retained-max variant.shredding.maxInferBufferRow
        variant.shredding.maxSchemaDepth variant.shredding.maxSchemaWidth write-max-writers-to-spill write.batch-size
        zorder.var-length-contribution
        Int64:
        commit.strict-mode.last-safe-snapshot dynamic-bucket.target-row-num global-index.row-count-per-shard
        log.scan.timestamp-millis scan.bounded.watermark scan.creation-time-millis scan.file-creation-time-millis
        scan.snapshot-id scan.timestamp-millis scan.watermark
        Number:
        compaction.delete-ratio-threshold compaction.small-file-ratio lookup.cache.bloom.filter.fpp
        lookup.cache.high-priority-pool-ratio lookup.hash-load-factor variant.shredding.minFieldCardinalityRatio
        Size:
        blob.target-file-size cache-page-size compaction.incremental-size-threshold compaction.total-size-threshold
        deletion-vector.index-file.target-size file-index.in-manifest-threshold file-reader-async-threshold
        file.block-size local-merge-buffer-size lookup.cache-max-disk-size lookup.cache-max-memory-size
        lookup.merge-buffer-size manifest.full-compaction-threshold-size manifest.target-file-size memory-budget
        page-size parquet.block.size parquet.page.size sort-spill-buffer-size source.split.open-file-cost
        source.split.target-size target-file-size vector.target-file-size write-buffer-size
        write-buffer-spill.max-disk-size write.batch-memory
        Duration:
        changelog.time-retained clustering.history-partition.idle-to-full-sort commit.max-retry-wait
        commit.min-retry-wait commit.timeout compaction.optimization-interval consumer.expiration-time
        continuous.discovery-interval cross-partition-upsert.index-ttl lookup.cache-file-retention
        partition.expiration-check-interval partition.expiration-time partition.idle-time-to-report-statistic
        record-level.expire-time snapshot.time-retained snapshot.watermark-idle-timeout streaming.read.snapshot.delay
        tag.creation-delay tag.creation-period-duration tag.default-time-retained visibility-callback.check-interval
        visibility-callback.timeout
        Text:
        blob-descriptor-field blob-external-storage-field blob-external-storage-path blob-field
        blob.stored-descriptor-fields branch bucket-key chain-table.chain-partition-keys changelog-file.compression
        changelog-file.format changelog-file.prefix changelog-file.stats-mode
        changelog-producer.row-deduplicate-ignore-fields clustering.columns clustering.strategy commit.callbacks
        commit.user-prefix consumer-id data-file.external-paths data-file.external-paths.specific-fs
        data-file.external-paths.weights data-file.path-directory data-file.prefix fields.default-aggregate-function
        file.compression file.compression.per.level file.format file.format.per.level
        format-table.commit-hive-sync-url format-table.file.compression global-index.external-path incremental-between
        incremental-between-timestamp incremental-to-auto-tag lookup.cache-spill-compression lookup.local-dir
        manifest.compression manifest.format materialized-table.definition-query materialized-table.interval-freshness
        materialized-table.refresh-handler-bytes materialized-table.refresh-handler-description metadata.stats-mode
        metadata.stats-mode.per.level metastore.tag-to-partition parquet.compression parquet.variant.shreddingSchema
        parquet.writer.version partial-update.remove-record-on-sequence-group partition partition.default-name
        partition.expiration-strategy partition.mark-done-action partition.mark-done-action.custom.class
        partition.mark-done-action.http.params partition.mark-done-action.http.url partition.timestamp-formatter
        partition.timestamp-pattern path primary-key record-level.time-field rowkind.field scan.fallback-branch
        scan.fallback-delta-branch scan.fallback-snapshot-branch scan.primary-branch scan.tag-name scan.timestamp
        scan.version sequence.field sink.clustering.by-columns sink.clustering.strategy sink.process-time-zone
        sink.watermark-time-zone spill-compression tag.batch.customized-name tag.callbacks upsert-key
        variant.shreddingSchema vector-field vector.file.format
        """;

    /// <summary>The keys of options of engines, which say how a job of theirs runs.</summary>
    public const string OfEngines =
        """
        changelog-producer.compaction-interval changelog.precommit-compact changelog.precommit-compact.buffer-size
        changelog.precommit-compact.thread-num comment commit.custom-listeners connector end-input.watermark
        filesystem.job-level-settings.enabled location log.scan.remove-normalize lookup.async
        lookup.async-thread-number lookup.bootstrap-parallelism lookup.cache lookup.cache-rows
        lookup.continuous.discovery-interval lookup.dynamic-partition lookup.dynamic-partition.refresh-interval
        lookup.dynamic-partition.refresh.async lookup.refresh.async lookup.refresh.async.pending-snapshot-count
        lookup.refresh.full-load-threshold lookup.refresh.time-periods-blacklist owner partition.idle-time-to-done
        partition.mark-done-action.mode partition.mark-done.recover-from-state partition.time-interval
        precommit-compact provider read.allow.fullScan read.changelog read.shuffle-bucket-with-partition
        read.stream.maxBytesPerTrigger read.stream.maxFilesPerTrigger read.stream.maxRowsPerTrigger
        read.stream.maxTriggerDelayMs read.stream.minRowsPerTrigger requiredSparkConfsCheck.enabled scan.bounded
        scan.dedicated-split-generation scan.infer-parallelism scan.infer-parallelism.max scan.max-snapshot.count
        scan.parallelism scan.partitions scan.remove-normalize scan.split-enumerator.batch-size
        scan.split-enumerator.mode scan.watermark.alignment.group scan.watermark.alignment.max-drift
        scan.watermark.alignment.update-interval scan.watermark.emit.strategy scan.watermark.idle-timeout
        sink.clustering.sample-factor sink.clustering.sort-in-cluster sink.committer-cpu sink.committer-memory
        sink.committer-operator-chaining sink.cross-partition.managed-memory sink.managed.writer-buffer-memory
        sink.operator-uid.suffix sink.parallelism sink.savepoint.auto-tag sink.use-managed-memory-allocator
        sink.writer-coordinator.cache-memory sink.writer-coordinator.enabled sink.writer-coordinator.page-size
        sink.writer-cpu sink.writer-memory sink.writer-refresh-detectors source.checkpoint-align.enabled
        source.checkpoint-align.timeout source.operator-uid.suffix source.split.target-size-with-column-pruning
        streaming-read.shuffle-bucket-with-partition unaware-bucket.compaction.parallelism write.merge-schema
        write.merge-schema.explicit-cast write.use-v2-write
        """;

    /// <summary>A key, then its values, the default first.</summary>
    public const string Choices =
        """
        batch-scan-mode: none compact
        bucket-function.type: default mod hive
        changelog-producer: none input full-compaction lookup
        clustering.incremental.mode: global-sort local-sort
        consumer.mode: exactly-once at-least-once
        data-file.external-paths.strategy: none specific-fs round-robin entropy-inject weight-robin
        format-table.implementation: paimon engine
        global-index.column-update-action: throw_error drop_partition_index
        incremental-between-scan-mode: auto delta changelog diff
        lookup-compact: radical gentle
        materialized-table.interval-freshness.time-unit: second minute hour day
        materialized-table.logical-refresh-mode: continuous full automatic
        materialized-table.refresh-mode: continuous full automatic
        materialized-table.refresh-status: initializing activated suspended
        merge-engine: deduplicate partial-update aggregation first-row
        metastore.tag-to-partition.preview: none process-time watermark batch
        partition.sink-strategy: none hash
        scan.mode: default latest-full full latest compacted-full from-timestamp from-creation-timestamp
            from-file-creation-time from-snapshot from-snapshot-full incremental
        sequence.field.sort-order: ascending descending
        snapshot.expire.execution-mode: sync async
        sort-compaction.range-strategy: size quantity
        sort-engine: loser-tree min-heap
        stream-scan-mode: none compact-bucket-table file-monitor
        tag.automatic-creation: none process-time watermark batch
        tag.creation-period: daily hourly two-hours
        tag.period-formatter: with_dashes without_dashes without_dashes_and_spaces
        type: table format-table materialized-table object-table lance-table iceberg-table
        """;

    /// <summary>A key, then the older names of the option: the first that is given counts where the key itself is not.</summary>
    public const string OldNames =
        """
        blob-descriptor-field: blob.stored-descriptor-fields
        clustering.columns: sink.clustering.by-columns
        clustering.strategy: sink.clustering.strategy
        file-operation.thread-num: delete-file.thread-num
        ignore-delete: first-row.ignore-delete deduplicate.ignore-delete partial-update.ignore-delete
        lookup-wait: changelog-producer.lookup-wait
        scan.mode: log.scan
        scan.timestamp-millis: log.scan.timestamp-millis
        snapshot.clean-empty-directories: snapshot.expire.clean-empty-directories
        variant.shreddingSchema: parquet.variant.shreddingSchema
        write-only: write.compaction-skip
        write.batch-size: orc.write.batch-size
        """;

    /// <summary>What keys begin with whose rest others name: file formats, file systems, clients and callbacks.</summary>
    public const string Families =
        """
        avro. blob-descriptor. btree-index. commit.callback. csv. flink. fs. hadoop. hive. json. lance. lumina.
        metadata.iceberg. orc. oss. parquet. rocksdb. s3. spark. tag.callback. text.
        """;

    /// <summary>A kind, then what keys of one column's options end with, after <c>fields.</c> and the column.</summary>
    public const string OfColumns =
        """
        Text: aggregate-function list-agg-delimiter nested-key sequence-group stats-mode ts-field
        Boolean: distinct ignore-retract
        Int32: count-limit
        """;

    /// <summary>A kind, then what keys of file indexes end with, after <c>file-index.</c>, the index and the column.</summary>
    public const string OfIndexes =
        """
        Int64: items
        Number: fpp
        Int32: version
        Size: chunk-size index-block-size
        """;

    /// <summary>The file indexes.</summary>
    public const string Indexes = "bloom-filter bitmap bsi range-bitmap";
}
