/** What a notice before collection says beside the labels of the packs, once for each language. */
import type { Language } from '#packs';

export interface NoticeWords {
  readonly title: string;
  readonly tagline: string;
  readonly refusable: string;
  readonly purposes: string;
  readonly grounds: string;
  readonly anyPurpose: string;
  readonly none: string;
  /** Headings where no law has any. */
  readonly element: Readonly<Record<'data' | 'grounds-purposes' | 'third-parties' | 'other-use', string>>;
}

export const NOTICE_WORDS: Readonly<Record<Language, NoticeWords>> = {
  ky: {
    title: 'Маалыматыңыз чогултулганга чейинки билдирүү',
    tagline: 'Сиз жөнүндө эмне чогултулат, эмне үчүн, кайсы негизде жана ким менен бөлүшүлүшү мүмкүн.',
    refusable: 'Ар бир маалыматты берүүдөн себебин айтпай баш тарта аласыз.',
    purposes: 'Максаттар',
    grounds: 'Негиздер',
    anyPurpose: 'төмөнкү максаттардын каалаганы үчүн',
    none: 'Саясатта бул жөнүндө эч нерсе айтылган эмес.',
    element: {
      data: 'Чогултулган маалыматтар',
      'grounds-purposes': 'Негиздер жана максаттар',
      'third-parties': 'Үчүнчү жактарга берүү',
      'other-use': 'Башка пайдалануу',
    },
  },
  kk: {
    title: 'Деректеріңіз жиналғанға дейінгі хабарлама',
    tagline: 'Сіз туралы не жиналады, не үшін, қандай негізде және кіммен бөлісілуі мүмкін.',
    refusable: 'Кез келген деректі беруден себебін айтпай бас тарта аласыз.',
    purposes: 'Мақсаттар',
    grounds: 'Негіздер',
    anyPurpose: 'төмендегі мақсаттардың кез келгені үшін',
    none: 'Саясатта бұл туралы ештеңе айтылмаған.',
    element: {
      data: 'Жиналатын деректер',
      'grounds-purposes': 'Негіздер мен мақсаттар',
      'third-parties': 'Үшінші тұлғаларға беру',
      'other-use': 'Өзге пайдалану',
    },
  },
  ru: {
    title: 'Уведомление до сбора ваших данных',
    tagline: 'Что о вас собирается, для чего, на каком основании и кому это может быть передано.',
    refusable: 'Вы можете отказаться дать любые из этих данных, не называя причин.',
    purposes: 'Цели',
    grounds: 'Основания',
    anyPurpose: 'для любой из целей ниже',
    none: 'Политика об этом не говорит.',
    element: {
      data: 'Собираемые данные',
      'grounds-purposes': 'Основания и цели',
      'third-parties': 'Передача третьим лицам',
      'other-use': 'Иное использование',
    },
  },
  en: {
    title: 'Notice before your data is collected',
    tagline: 'What is collected about you, for what, on what grounds, and with whom it may be shared.',
    refusable: 'You may refuse to give any of this data, without giving reasons.',
    purposes: 'Purposes',
    grounds: 'Grounds',
    anyPurpose: 'for any of the purposes below',
    none: 'The policy says nothing of this.',
    element: {
      data: 'Data that is collected',
      'grounds-purposes': 'Grounds and purposes',
      'third-parties': 'Transfer to third parties',
      'other-use': 'Other use',
    },
  },
};
